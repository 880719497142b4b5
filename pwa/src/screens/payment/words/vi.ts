/** Words of paying a fee. Nothing is called paid before the server says so. */
export const vi = {
  "fee.title": "Lệ phí",
  "fee.basis": "Mức thu theo {basis}.",
  "fee.law": "Thông tư",
  "fee.pay": "Nộp lệ phí",
  "fee.again": "Nộp lại",
  "fee.later":
    "Chưa nộp ngay cũng được, hồ sơ vẫn được xem xét. Có thể nộp sau ở trang này, hoặc nộp tại quầy.",
  "fee.counter": "Nơi này chưa nhận nộp trực tuyến. Lệ phí nộp tại quầy; hồ sơ vẫn được xem xét.",
  "fee.pending":
    "Đã mở trang nộp tiền lúc {at}. Đang chờ cổng thanh toán xác nhận; nếu đã trả tiền rồi thì không phải nộp lại.",
  "fee.failed":
    "Lần nộp lúc {at} chưa xong, lệ phí vẫn chưa nộp. Nếu tài khoản đã bị trừ tiền, ngân hàng hoàn lại.",
  "fee.paid": "Đã nộp {amount}.",
  "fee.refunded": "Lệ phí {amount} đã được hoàn lại.",
  "fee.paid_at": "Nộp lúc",
  "fee.number": "Số giao dịch",
  "fee.reference": "Mã thanh toán",
  "fee.transfer": "Chuyển khoản từ điện thoại khác",
  "fee.transfer_text":
    "Mở ứng dụng ngân hàng trên điện thoại khác, quét mã này, giữ nguyên số tiền và nội dung. Tiền được ghi nhận khi có sao kê của ngân hàng, thường trong một ngày làm việc. Chỉ nộp một cách.",
  "fee.transfer_label": "chuyển khoản lệ phí {amount}",
};
