/** Words of messages outside the app and of what was agreed to. This file is the source of the keys. */
export const vi = {
  loading: "Đang hỏi máy chủ…",
  "sign_in.text": "Máy này chưa gửi được gì của hồ sơ. Xin đăng nhập bằng tài khoản của người nộp.",
  "sign_in.button": "Đăng nhập",

  title: "Báo tin",
  text: "Khi có tin, máy chủ báo để mở ứng dụng xem. Tin chỉ có mã hồ sơ. Không báo từ {from} đến {to}. Chưa bật thì không báo.",
  push: "Trên máy này",
  sms: "Tin nhắn SMS",
  zns: "Zalo",
  on: "Đang bật từ {at}",
  turn_on: "Bật",
  turn_off: "Tắt",
  elsewhere: "Cũng đang bật trên {count} máy khác.",
  done: "Đã ghi.",
  "push.unsupported":
    "Máy này không nhận được tin báo. Mỗi khi mở ứng dụng có mạng, ứng dụng tự báo tình trạng mới.",
  "push.denied":
    "Trình duyệt đang chặn thông báo của trang này. Muốn nhận, xin bật lại trong cài đặt trình duyệt. Khi mở ứng dụng vẫn thấy tin.",
  "push.no_service":
    "Máy chưa nối được với dịch vụ tin báo. Thử lại sau; khi mở ứng dụng vẫn thấy tin.",

  "consents.title": "Những điều đã đồng ý",
  "consents.none": "Chưa có điều nào được ghi.",
  "consents.given": "Đồng ý lúc {at}",
  "consents.helped": "Đồng ý lúc {at}, có nhân viên giúp",
  "consents.withdrawn": "Đã rút lại lúc {at}",
  "consents.withdraw": "Rút lại",
  "consents.sure": "Rút lại điều này chứ? Có hiệu lực ngay khi máy chủ nhận được.",
  "consents.sure_ends": "Rút lại điều này thì hồ sơ dừng, như rút hồ sơ. Rút lại chứ?",
  "consents.no": "Thôi",
  "consents.asked": "Đã ghi. Máy tự gửi khi có mạng.",
  "told.title": "Không cần hỏi",
  "kept.title": "Giữ bao lâu",
} as const satisfies Record<string, string>;
