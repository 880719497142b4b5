/** Words of a dossier's papers. This file is the source of the keys. */
export const vi = {
  text: "Các giấy tờ đã có, dạng PDF, in được.",
  loading: "Đang hỏi máy chủ…",
  "sign_in.text": "Giấy tờ có thông tin riêng, nên cần đăng nhập.",
  "sign_in.button": "Đăng nhập",
} as const satisfies Record<string, string>;
