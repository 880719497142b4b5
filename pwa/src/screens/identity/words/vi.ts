/** Words of proving who one is at an identity provider. This file is the source of the keys. */
export const vi = {
  title: "Xác minh danh tính",
  text: "Gắn tài khoản với danh tính điện tử để cán bộ biết chắc hồ sơ là của chủ tài khoản. Không bắt buộc: không có vẫn khai và nộp được.",
  button: "Xác minh bằng VNeID",
  linked: "Đã xác minh bằng VNeID từ {at}.",
  unlink: "Gỡ liên kết",
  unlinked: "Đã gỡ liên kết.",
  finishing: "Đang hoàn tất…",
  refused: "Việc xác minh đã bị từ chối hoặc bị hủy. Chưa gắn gì cả.",
  over: "Lần xác minh đã quá hạn, đã dùng hoặc bắt đầu ở trình duyệt khác. Hãy làm lại từ đầu.",
  "sign_in.text": "Cần đăng nhập bằng tài khoản của người nộp để làm tiếp.",
  "sign_in.button": "Đăng nhập",
  off: "Nơi này chưa có xác minh điện tử. Mọi việc khác vẫn làm được.",
} as const satisfies Record<string, string>;
