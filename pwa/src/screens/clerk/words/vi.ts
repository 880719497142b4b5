/** Words of the clerk's tablet. This file is the source of the keys. */
export const vi = {
  "list.title": "Hồ sơ hôm nay",
  "list.new": "Giúp người mới",
  "list.none": "Chưa có hồ sơ nào.",
  "list.nameless": "Tên hiện ra khi có mạng và đã đăng nhập.",
  "list.hidden": "Tên người khác được ẩn trong lúc đang giúp.",
  "list.unsent": "Đang điền",
  "list.arriving": "Đang nhận",
  "list.go_on": "Làm tiếp",
  "list.missing": "Còn thiếu {parts} phần của {photos} ảnh, máy tự gửi tiếp",

  "band.helping": "Đang làm giúp:",
  "band.clerk": "nhân viên điểm tiếp nhận",
  "band.list": "Về danh sách",

  "home.title": "Sẵn sàng giúp người tiếp theo",
  "home.text":
    "Bấm Giúp người mới để bắt đầu. Gửi xong và máy chủ đã nhận, hồ sơ tự xóa khỏi máy này.",
  "home.numbers": "Số thứ tự của điểm",
  "home.devices": "Thiết bị của tôi",
  "home.end": "Hết ca: khóa và đăng xuất",
  "offline.first": "Chưa có mạng. Lần đầu trên máy này cần mạng để đăng nhập.",

  "door.others": "Nhân viên khác",
  "door.new": "Đăng nhập tài khoản khác",

  "vault.make": "Khóa máy cho ca làm việc",
  "vault.make_text":
    "Hồ sơ đang điền được khóa trên máy này. Mở lại bằng vân tay, khuôn mặt hoặc khóa màn hình.",
  "vault.open": "Mở máy",
  "vault.open_text": "Hồ sơ trên máy đang khóa. Hồ sơ đã gửi vẫn tự gửi tiếp.",
  "vault.by_passkey": "Dùng vân tay, khuôn mặt hoặc khóa màn hình",
  "vault.use_words": "Dùng năm từ thay thế",
  "vault.use_key": "Có chìa khóa bảo mật (FIDO2)? Dùng thay cho năm từ",
  "vault.words": "Năm từ của máy",
  "vault.words_hint": "Gõ có dấu hay không dấu đều được.",
  "vault.words_text":
    "Năm từ này mở máy vào đầu mỗi ca. Xin chép ra giấy và cất riêng. Máy không lưu và không hiện lại.",
  "vault.trial_text":
    "Năm từ này khóa hồ sơ trên máy. Trong bản dùng thử, máy tự nhớ cho đến khi tải lại trang.",
  "vault.noted": "Đã chép lại năm từ",
  "vault.begin": "Bắt đầu",
  "vault.forgotten": "Quên năm từ? Bắt đầu với khóa mới",
  "vault.no_prf": "Máy này chưa khóa được bằng vân tay. Xin dùng năm từ.",

  "confirm.title": "Người nộp xác nhận",
  "confirm.text": "Xin đưa máy cho người nộp hồ sơ đọc và đánh dấu.",
  "confirm.applicant":
    "Tôi đã xem lại hồ sơ. Tôi nhờ {clerk} gửi giúp và đồng ý cho người giúp thấy các thông tin này.",
  "confirm.applicant_needed": "Người nộp chưa xác nhận.",
  "confirm.clerk": "Phần của nhân viên",
  "confirm.identity": "Tôi đã xem thẻ căn cước gốc và nhận ra đúng người nộp.",
  "confirm.identity_needed": "Chưa đánh dấu đã xem thẻ căn cước.",

  "resume.gone":
    "Hồ sơ này không còn ở điểm: đã gửi xong, hoặc người nộp giữ trên điện thoại. Mời họ bổ sung trên điện thoại, hoặc quét mã nhờ giúp.",
  "resume.returned": "Nhận lại để bổ sung",

  "unfinished.title": "Hồ sơ làm dở của điểm",
  "unfinished.text":
    "Hồ sơ bắt đầu trên máy tính bảng của điểm và chưa gửi. Làm tiếp cần khóa đăng nhập và được ghi lại.",
  "unfinished.none": "Không có hồ sơ làm dở nào.",
  "unfinished.offline": "Danh sách này cần có mạng. Hồ sơ đang có trên máy vẫn làm tiếp được.",
  "unfinished.nameless": "Chưa có tên",
  "unfinished.by": "{who}, lúc {at}",
  "unfinished.mine": "Tôi, trên máy khác",
  "unfinished.coming": "Đang lấy về…",
  "unfinished.open": "Hồ sơ làm dở của điểm",

  "reissue.open": "Người nộp mất máy hoặc mất khóa",
  "reissue.title": "Cấp lại mã cho người nộp",
  "reissue.text":
    "Dành cho người mất điện thoại hoặc mất khóa đăng nhập. Cần phiếu hồ sơ và thẻ căn cước gốc. Việc này được ghi lại với tên nhân viên.",
  "reissue.slip": "Mã phiếu (8 chữ và số)",
  "reissue.slip_hint": "Trên phiếu giao khi gửi hồ sơ.",
  "reissue.slip_bad": "Mã phiếu cần đủ 8 chữ và số. Xin xem lại.",
  "reissue.identity": "Số định danh trên thẻ căn cước",
  "reissue.button": "Cấp mã",
  "reissue.later":
    "Một máy khác của người nộp còn hoạt động và được báo trước, có thể từ chối. Mã dùng được từ {at}.",

  "sent.title": "Đã ghi để gửi",
  "sent.waiting": "Khi có mạng, máy tự gửi. Máy chủ nhận đủ thì hồ sơ tự xóa khỏi máy này.",
  "sent.arrived": "Máy chủ đã nhận đủ. Hồ sơ đã xóa khỏi máy này.",
  "sent.papers": "Giấy tờ của hồ sơ (PDF)",
  "sent.slip": "Mã phiếu của người nộp",
  "sent.slip_text":
    "Đưa người nộp mã này, hoặc quét mã QR bằng điện thoại. Mã phiếu và ngày sinh là đủ để tra cứu.",
  "sent.next": "Xong, người tiếp theo",
} as const satisfies Record<string, string>;
