/** Words of photos that are read before sending. This file is the source of the keys. */
export const vi = {
  more: "Điều này nghĩa là gì",
  waiting: "Đã ghi. Ảnh tới máy chủ sẽ được đọc ở đó; kết quả tự hiện ở đây.",
  read: "Đã đọc {n} trong {of} ảnh. Đọc được gì thì hiện ở đúng trang của nó.",
  refused: "Hồ sơ này không đọc ảnh trước khi gửi được. Mọi việc khác vẫn như thường.",
  no_key: "Máy này chưa có khóa để gửi. Xin nối mạng một lần rồi đánh dấu lại.",
  title: "Đọc được từ ảnh",
  empty: "{what}: {value} ({source})",
  fill: "Điền giúp",
  unsure: "Chữ này có thể đọc nhầm, xin so lại với giấy.",
  same: "{what}: {source} ghi {value}, giống điều đã nhập.",
  differs: "{what}: {source} ghi {value}, khác với điều đã nhập. Xin so lại với giấy.",
} as const satisfies Record<string, string>;
