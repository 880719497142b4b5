/** Words of who opened a dossier. This file is the source of the keys. */
export const vi = {
  text: "Mỗi lần có ai mở hồ sơ đều được ghi lại. Ở đây có vai trò và lúc mở, không có tên.",
  none: "Chưa có ai mở hồ sơ này.",
  system: "Máy chủ đã mở {times} lần để kiểm tra, chuyển đi và báo trạng thái. Lần cuối {at}.",
  times: "{times} lần",
  loading: "Đang hỏi máy chủ…",
  "sign_in.text": "Chỉ người nộp xem được. Xin đăng nhập bằng tài khoản của người nộp.",
  "sign_in.button": "Đăng nhập",
  "export.text": "Tải về mọi điều đã khai và các ảnh, trong một tệp ZIP. Cần khóa đăng nhập.",
  "export.button": "Tải dữ liệu của tôi",
  "export.done": "Đã tải về máy này. Tệp có thông tin riêng: xin giữ cẩn thận.",

  "role.officer": "Cán bộ",
  "role.clerk": "Nhân viên bưu điện",
  "role.applicant": "Người nộp",
  "role.admin": "Người quản trị",

  "purpose.desk": "xem hồ sơ để xét duyệt",
  "purpose.photo": "xem ảnh",
  "purpose.decision": "ghi quyết định",
  "purpose.pack": "xuất hồ sơ cho cơ quan khác",
  "purpose.claim": "giao lại hồ sơ cho người nộp",
  "purpose.recover": "tìm lại hồ sơ khi mất máy",
  "purpose.export": "tải dữ liệu của mình",
  "purpose.paper": "tải giấy tờ của hồ sơ",
  "purpose.other": "việc khác",
} as const satisfies Record<string, string>;
