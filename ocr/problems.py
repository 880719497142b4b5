"""What can be wrong with a picture, and what the person holding the phone can do about it."""

from __future__ import annotations

ADVICE: dict[str, tuple[str, str]] = {
    "not_a_picture": (
        "Tệp này không phải ảnh. Chọn hoặc chụp lại ảnh.",
        "This file is no picture. Choose or take another one.",
    ),
    "unsupported_format": (
        "Chỉ nhận ảnh JPEG, PNG hoặc WebP. Chụp lại bằng ứng dụng này.",
        "Only JPEG, PNG and WebP are read. Take the picture again in this app.",
    ),
    "damaged": (
        "Ảnh bị hỏng hoặc thiếu một phần. Chụp lại.",
        "The picture is damaged or incomplete. Take it again.",
    ),
    "too_large": (
        "Ảnh quá lớn (trên 50 megapixel hoặc 32 MB). Chụp lại với cỡ nhỏ hơn.",
        "The picture is too large (over 50 megapixels or 32 MB). Take a smaller one.",
    ),
    "too_small": (
        "Ảnh quá nhỏ để đọc. Đưa máy lại gần và chụp lại.",
        "The picture is too small to read. Go closer and take it again.",
    ),
    "too_slow": (
        "Không đọc xong ảnh trong thời gian cho phép. Chụp lại.",
        "The picture could not be read in time. Take it again.",
    ),
    "too_heavy": (
        "Ảnh làm chương trình đọc phải dừng. Chụp lại.",
        "Reading the picture had to be stopped. Take it again.",
    ),
    "no_such_file": (
        "Không mở được tệp.",
        "The file cannot be opened.",
    ),
    "blurred": (
        "Không đọc được chữ trong ảnh. Lau ống kính, giữ yên máy, chụp lại gần hơn.",
        "No print can be read in the picture. Wipe the lens, hold still, go closer, try again.",
    ),
    "not_a_licence": (
        "Không thấy mặt trước giấy phép lái xe trong ảnh. Chụp lại đúng mặt đó.",
        "This does not show the front of a driving licence. Take a picture of that side.",
    ),
    "cut_off": (
        "Thẻ bị cắt ở mép ảnh. Chụp lại cả thẻ.",
        "The card goes over the picture's edge. Take all of it.",
    ),
    "glare_over": (
        "Ánh sáng chói che mục này. Nghiêng thẻ tránh đèn và chụp lại.",
        "Glare lies over this field. Tilt the card away from the lamp, take it again.",
    ),
    "no_text_reader": (
        "Máy chủ chưa cài bộ đọc chữ; chỉ mã QR được đọc.",
        "The reader of print is not installed here; only QR codes are read.",
    ),
    "unsure": (
        "Chữ khó đọc ở mục này. So với giấy rồi sửa nếu sai.",
        "The print of this field is hard to read. Compare it with the card.",
    ),
}
"""code → (Vietnamese, English); some problems name a field after the code: `unsure: address`"""

HIDDEN = frozenset({"cut_off", "glare_over"})
"""Part of a card is not seen: worth another picture, though the rest is read."""
USELESS = frozenset(ADVICE) - HIDDEN - {"no_text_reader", "unsure"}
"""of these a picture that says nothing should be taken again"""


def advice(problem: str) -> tuple[str, str]:
    """What to say of a problem as readings have it, with or without a field."""
    return ADVICE[problem.partition(":")[0]]


class BadPicture(Exception):
    """`problem` is a key of `ADVICE`."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"{problem}: {ADVICE[problem][1]}")
        self.problem = problem
