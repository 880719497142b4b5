/** Words of the camera and the QR scanner. */
export const vi = {
  "camera.opening": "Đang mở máy ảnh…",
  "camera.place_card": "Đặt thẻ nằm gọn trong khung",
  "camera.place_portrait": "Để khuôn mặt giữa khung",
  "camera.place_paper": "Đặt cả tờ giấy trong khung",
  "camera.place_qr": "Đưa mã QR vào giữa khung",
  "camera.dark": "Hơi tối, ra chỗ sáng",
  "camera.bright": "Sáng quá, tránh nắng chiếu thẳng",
  "camera.glare": "Thẻ bị lóa, nghiêng thẻ một chút",
  "camera.blurred": "Chưa rõ, đưa thẻ lại gần hơn hoặc ra xa hơn",
  "camera.moving": "Giữ yên…",
  "camera.good": "Rõ rồi, giữ yên",
  "camera.shoot": "Chụp",
  "camera.turn": "Đổi máy ảnh trước/sau",
  "camera.close": "Đóng máy ảnh",
  "camera.live": "Hình trực tiếp từ máy ảnh",
  "camera.denied":
    "Máy chưa cho phép dùng máy ảnh. Có thể cho phép trong cài đặt, hoặc chọn ảnh có sẵn.",
  "camera.none": "Không thấy máy ảnh trên máy này. Xin chọn ảnh có sẵn.",
  "camera.busy":
    "Máy ảnh đang bận ở ứng dụng khác. Đóng ứng dụng đó rồi thử lại, hoặc chọn ảnh có sẵn.",
  "camera.insecure": "Trình duyệt này không mở được máy ảnh. Xin chọn ảnh có sẵn.",
  "qr.reading": "Đang tìm mã QR…",
  "qr.file_none": "Chưa thấy mã QR trong ảnh này. Xin chọn ảnh rõ hơn, hoặc gõ tay.",
  "qr.file_bad": "Máy không mở được ảnh này. Xin chọn ảnh khác.",
  "qr.no_reader": "Bộ đọc mã QR chưa có trên máy. Xin gõ tay, hoặc thử lại khi có mạng.",
} as const satisfies Record<string, string>;
