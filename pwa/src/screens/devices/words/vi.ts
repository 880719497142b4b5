/** Words of the page with the person's own devices. This file is the source of the keys. */
export const vi = {
  title: "Thiết bị của tôi",
  text: "Những máy đang dùng chung tài khoản này. Máy không còn dùng thì ngừng quyền gửi; máy bị mất thì báo mất.",
  offline: "Trang này cần có mạng. Khi có mạng, bấm Thử lại. Việc khác vẫn làm được bình thường.",
  sign_in_text:
    "Đăng nhập để xem các máy của tài khoản. Dùng vân tay, khuôn mặt hoặc khóa màn hình, không có mật khẩu.",
  sign_in: "Đăng nhập",
  none: "Tài khoản này chưa có máy nào từng gửi hồ sơ.",

  here: "Máy đang dùng",
  able: "Gửi được",
  signIn: "Cần đăng nhập để gửi",
  lost: "Đã báo mất",
  lost_text: "Khi máy này có mạng, mọi thứ của tài khoản trên máy tự xóa.",
  since: "Dùng từ ngày {date}",
  seen: "Liên lạc lần cuối khoảng {at}",

  revoke: "Ngừng quyền gửi",
  revoke_title: "Ngừng quyền gửi của máy này?",
  revoke_1: "Máy đó phải đăng nhập lại mới gửi tiếp được.",
  revoke_2: "Mọi điều đã ghi trên máy đó vẫn còn, không mất gì.",
  revoke_3: "Không thể bỏ lệnh này từ đây. Muốn gửi lại thì đăng nhập trên chính máy đó.",
  revoke_yes: "Ngừng quyền gửi",
  revoked: "Đã ngừng quyền gửi của máy: {name}.",

  lose: "Báo mất máy",
  lose_title: "Báo mất máy này?",
  lose_1: "Lần tới máy đó có mạng, mọi hồ sơ của tài khoản trên máy bị xóa hết.",
  lose_2: "Điều chưa gửi từ máy đó sẽ mất hẳn. Hồ sơ đã gửi vẫn được xử lý.",
  lose_3: "Không lấy lại được, kể cả khi tìm thấy máy.",
  lose_yes: "Báo mất và xóa",
  told_lost: "Đã báo mất máy: {name}.",
  no: "Không, giữ nguyên",

  keys_title: "Khóa đăng nhập",
  keys_one:
    "Tài khoản mới có một khóa. Nên thêm khóa thứ hai trên điện thoại khác hoặc chìa khóa bảo mật, phòng khi mất máy.",
  keys_some: "Tài khoản có {n} khóa. Mất một khóa vẫn đăng nhập được bằng khóa còn lại.",
  keys_add: "Thêm khóa",

  gone_title: "Máy này đã được báo mất",
  gone_1: "Chủ tài khoản đã báo mất máy này. Lúc {at}, mọi hồ sơ của tài khoản đó trên máy đã xóa.",
  gone_2:
    "Hồ sơ đã gửi vẫn được xử lý, theo dõi bằng mã trên phiếu. Máy vẫn dùng được để làm hồ sơ mới.",
  gone_ok: "Đã hiểu",

  enter_title: "Tôi đã có tài khoản",
  enter_text:
    "Đăng nhập bằng vân tay, khuôn mặt hoặc khóa màn hình. Hồ sơ đang mở của tài khoản được đưa về máy này.",
  enter_own: "Chỉ làm trên máy của mình, đừng làm trên máy mượn.",
  enter_sign_in: "Đăng nhập",
  enter_pin_text:
    "Máy này không khóa được hồ sơ bằng vân tay. Xin đặt mã PIN để khóa hồ sơ trên máy.",
  enter_pin: "Mã PIN mới (từ 6 đến 12 số)",
  enter_again: "Gõ lại mã PIN",
  enter_words: "Câu khóa mới. Xin chép lại rồi cất riêng, chỉ hiện một lần:",
  enter_noted: "Đã chép lại câu khóa",
  enter_go: "Tiếp tục",
  enter_working: "Đang lấy hồ sơ từ máy chủ. Xin giữ trang này mở…",
  enter_done: "Xong. Số hồ sơ đưa về máy này: {n}.",
  enter_none: "Xong. Tài khoản không có hồ sơ nào đang mở ở máy khác.",
  enter_mine: "Hồ sơ của tôi",
  enter_other:
    "Đây là tài khoản khác. Hồ sơ bị khóa thuộc tài khoản đã dùng trên máy này trước đây.",

  forgot_title: "Mở lại khi quên mã",
  forgot_text:
    "Đăng nhập bằng khóa của tài khoản. Điều chưa gửi được gửi lên trước, rồi máy chủ trao lại chìa khóa của từng hồ sơ. Không có gì bị xóa.",
  forgot_done: "Xong. Hồ sơ đã mở lại, lần sau dùng cách khóa mới.",
  forgot_left:
    "Còn {n} hồ sơ máy chủ chưa có nên vẫn khóa bằng mã cũ. Chúng vẫn nằm trên máy. Nhớ ra mã cũ thì mở trong Hồ sơ của tôi.",
  forgot_alone_title: "Kho này chưa có tài khoản",
  forgot_alone:
    "Không ai, kể cả nơi tiếp nhận, mở lại được kho này khi thiếu mã. Gõ sai nhiều lần chỉ phải chờ, không mất gì.",
  forgot_sent: "Đã gửi: {n} hồ sơ. Vẫn được xử lý, theo dõi bằng mã phiếu và ngày sinh.",
  forgot_unsent: "Chưa gửi: {n} hồ sơ. Không mở được nếu không nhớ ra mã. Máy vẫn giữ nguyên.",
  forgot_follow: "Theo dõi bằng mã phiếu",
  forgot_new: "Giữ nguyên và làm hồ sơ mới",

  former_title: "Hồ sơ khóa bằng mã cũ",
  former_text: "Máy chủ chưa có {n} hồ sơ này khi đặt mã mới. Nhớ ra mã cũ thì gõ vào đây.",
  former_pin: "Mã PIN cũ",
  former_open: "Mở bằng mã cũ",
  former_chip: "Khóa bằng mã cũ",

  bring_some: "Tài khoản còn {n} hồ sơ ở máy khác.",
  bring: "Lấy hồ sơ từ máy khác",
  bringing: "Đang lấy hồ sơ…",
  brought: "Số hồ sơ đã đưa về máy này: {n}.",
  open_mine: "Mở khóa hồ sơ của tôi",

  conflict_title: "Hai máy ghi khác nhau",
  conflict_text: "{what}: chọn điều đúng.",
  conflict_here: "Máy này, {at}",
  conflict_there: "Máy khác, {at}",
  conflict_empty: "(để trống)",
  conflict_choose: "Chọn: {value}",
  conflict_first: "{what}: hai máy ghi khác nhau, xin chọn điều đúng.",

  name: "{browser} trên {system}",
  "browser.chrome": "Chrome",
  "browser.edge": "Edge",
  "browser.firefox": "Firefox",
  "browser.safari": "Safari",
  "browser.samsung": "Samsung Internet",
  "browser.coccoc": "Cốc Cốc",
  "browser.opera": "Opera",
  "browser.zalo": "Zalo",
  "browser.other": "Trình duyệt khác",
  "system.android": "máy Android",
  "system.iphone": "iPhone",
  "system.ipad": "iPad",
  "system.windows": "máy tính Windows",
  "system.mac": "máy Mac",
  "system.linux": "máy tính Linux",
  "system.chromeos": "Chromebook",
  "system.other": "máy chưa rõ loại",
};
