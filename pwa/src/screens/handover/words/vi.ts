/** Words of handing a dossier over. This file is the source of the keys. */
export const vi = {
  "code.title": "Mã nhận hồ sơ",
  "code.qr": "mã nhận hồ sơ",
  "code.how":
    "Dùng điện thoại của người nộp quét mã này để giữ hồ sơ, xem tiếp và bổ sung khi cần.",
  "code.how_lend": "Đưa mã này cho nhân viên quét bằng máy tính bảng.",
  "code.typed": "Hoặc vào {host}/nhan, gõ mã này và ngày sinh của người nộp",
  "code.typed_lend": "Hoặc đọc mã này cho nhân viên gõ, kèm ngày sinh",
  "code.no_birth": "Chưa điền ngày sinh nên chỉ quét được, chưa gõ được.",
  "code.pending": "Mã dùng được khi máy tính bảng đã gửi xong, rồi trong 24 giờ.",
  "code.pending_lend": "Mã dùng được khi điện thoại này đã gửi xong, rồi trong 24 giờ.",
  "code.good": "Máy chủ đã có đủ. Mã dùng được một lần, đến {at}.",
  "code.taken": "Người nộp đã nhận hồ sơ trên điện thoại. Hồ sơ đã rời máy này.",
  "code.gone":
    "Mã nhận hồ sơ chỉ hiện một lần và không còn trên máy này. Nếu người nộp chưa nhận, xin cấp mã mới; mã cũ hết dùng được.",
  "code.follow": "Mã phiếu và ngày sinh là đủ để xem hồ sơ tới đâu, không cần tài khoản.",
  "code.new": "Cấp mã mới",
  "code.new_offline": "Cấp mã mới cần có mạng.",

  "filed.title": "Trong hồ sơ",
  "filed.procedure_doi": "Đổi giấy phép lái xe",
  "filed.procedure_cap_lai": "Cấp lại giấy phép lái xe bị mất",
  "filed.class": "Hạng {held} → {requested}",
  "filed.class_held": "Hạng {held}",
  "filed.photos": "{what}",
  "filed.no_photos": "Chưa có ảnh",
  "filed.missing": "Còn thiếu: {what}",
  "filed.more": "{what} và {count} chỗ khác",
  "filed.complete": "Không thiếu gì",
  "filed.slip": "Mã phiếu",

  "print.a6": "In phiếu A6",
  "print.roll": "In cuộn 58 mm",
  "slip.title": "Phiếu hồ sơ",
  "slip.claim": "Nhận hồ sơ về điện thoại",
  "slip.scan": "Quét mã QR, hoặc vào {host}/nhan, gõ mã và ngày sinh:",
  "slip.good": "Dùng được một lần, đến {at}.",
  "slip.pending": "Dùng được một lần, trong 24 giờ từ khi máy tính bảng gửi xong.",
  "slip.follow": "Theo dõi không cần điện thoại này",
  "slip.follow_how": "Vào {host}/theo-doi, gõ mã phiếu và ngày sinh.",
  "slip.draft": "Hồ sơ chưa gửi: nhận về điện thoại rồi điền tiếp và gửi.",
  "slip.keep": "Giữ kín phiếu này: ai có mã trước thì nhận được hồ sơ.",

  "give.title": "Giao lại cho người dân",
  "give.text":
    "Người nộp nhận hồ sơ đang điền dở về điện thoại và tự làm tiếp, không cần mạng. Nhận xong, hồ sơ rời máy tính bảng này.",
  "give.button": "Hiện mã cho người nộp",
  "give.done": "Xong, người tiếp theo",
  "give.no_key": "Máy chưa có khóa của máy chủ. Hãy nối mạng một lần rồi thử lại.",
  "give.back": "Làm tiếp ở máy này",

  "lend.title": "Nhờ nhân viên làm tiếp",
  "lend.sees": "Nhân viên điểm tiếp nhận thấy mọi điều đã điền và các ảnh đã chụp trong hồ sơ này.",
  "lend.hours":
    "Nhân viên làm tiếp trong 24 giờ. Quá giờ mà chưa gửi, hồ sơ tự trở lại điện thoại này.",
  "lend.named": "Tên người giúp được ghi trong hồ sơ.",
  "lend.meanwhile": "Trong lúc đó điện thoại này chỉ xem được hồ sơ, chưa sửa được.",
  "lend.agree": "Tôi đồng ý cho nhân viên xem và làm tiếp hồ sơ này.",
  "lend.agree_needed": "Chưa đánh dấu đồng ý.",
  "lend.button": "Hiện mã cho nhân viên",
  "lend.back": "Tôi tự làm tiếp",
  "lend.own_only": "Chỉ nhờ được từ điện thoại của chính mình.",

  "away.title": "Hồ sơ đang ở nơi khác",
  "away.lent":
    "Nhân viên điểm tiếp nhận đang làm tiếp hồ sơ này, đến {until}. Quá giờ mà chưa gửi, hồ sơ tự trở lại đây. Trong lúc đó chỉ xem được.",
  "away.handed_over":
    "Hồ sơ này đã chuyển sang máy khác và không sửa được ở đây nữa. Vẫn xem được bằng mã phiếu và ngày sinh.",
  "away.answers": "Đã điền",
  "away.photos": "Ảnh đã chụp",

  "take.title": "Nhận hồ sơ",
  "take.title_clerk": "Nhận hồ sơ từ điện thoại",
  "take.text":
    "Quét mã trên máy tính bảng hoặc trên phiếu của điểm tiếp nhận. Hồ sơ chuyển về điện thoại này.",
  "take.text_clerk":
    "Quét mã trên điện thoại của người nộp. Họ đã đồng ý cho xem và làm tiếp hồ sơ trong 24 giờ.",
  "take.scan": "Quét mã QR",
  "take.or_type": "Hoặc gõ mã",
  "take.typed": "Mã nhận hồ sơ (8 chữ và số)",
  "take.typed_hint": "Ngay dưới mã QR.",
  "take.typed_bad": "Mã cần đủ 8 chữ và số. Xin xem lại.",
  "take.birth": "Ngày sinh của người nộp",
  "take.button": "Nhận hồ sơ",
  "take.other_code":
    "Mã này không phải mã nhận hồ sơ. Xin quét mã trên phiếu hoặc trên máy tính bảng.",
  "take.taking": "Đang hỏi máy chủ…",
  "take.not_ready":
    "Máy đang giữ hồ sơ chưa gửi xong. Để máy đó có mạng. Trang này tự thử lại; mã vẫn dùng được.",
  "take.offline": "Chưa có mạng. Mã đã giữ ở trang này; có mạng thì trang tự thử lại.",
  "take.unknown_qr":
    "Máy chủ chưa biết mã này. Nếu phiếu vừa được cấp, máy tính bảng chưa gửi: trang này tự thử lại. Nếu mã đã dùng hoặc quá 24 giờ, xin điểm tiếp nhận cấp mã mới.",
  "take.unknown":
    "Mã này không dùng được: gõ chưa đúng mã hoặc ngày sinh, mã đã dùng, quá 24 giờ, hoặc máy tính bảng chưa gửi. Mỗi mã thử được 5 lần.",
  "take.clerk_needed": "Mã này để nhờ nhân viên làm tiếp, chỉ máy của điểm tiếp nhận nhận được.",
  "take.failed": "Chưa nhận được hồ sơ. Xin thử lại, hoặc xin cấp mã mới.",
  "take.next_try": "Thử lại lúc {at}.",
  "take.try_now": "Thử lại ngay",
  "take.another": "Dùng mã khác",
  "take.arriving": "Đã nhận. Hồ sơ đang về máy…",
  "take.photos": "Đã nhận. Ảnh đang về máy: còn {left} phần",
  "take.photos_offline": "Mất mạng. Phần còn lại tự về khi có mạng; điều đã về thì không mất.",
  "take.go_on": "Mở hồ sơ ngay",

  "list.take": "Nhận hồ sơ từ điểm tiếp nhận",
  "list.lend": "Nhờ nhân viên làm tiếp",
  "list.give": "Giao lại cho người dân",
  "list.code": "Mã cho người nộp",
  "list.given": "Đã giao lại",
  "list.take_phone": "Nhận hồ sơ từ điện thoại",
} as const satisfies Record<string, string>;
