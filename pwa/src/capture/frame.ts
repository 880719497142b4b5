import type { Area, Size } from "./jpeg.ts";

/** What is photographed: an ID-1 card, a face for a 3×4 print, an A4 paper, or a QR code. */
export type Shape = "card" | "portrait" | "paper" | "qr";

/** Width over height of the guide frame. A card is 85.60 × 53.98 mm. */
export const RATIO: Readonly<Record<Shape, number>> = {
  card: 85.6 / 53.98,
  portrait: 3 / 4,
  paper: 210 / 297,
  qr: 1,
};

/** The guide frame within a picture of `size`, centred, filling at most `fill` of either side. */
export function frameIn(size: Size, shape: Shape, fill = 0.88): Area {
  const ratio = RATIO[shape];
  const width = Math.min(size.width * fill, size.height * fill * ratio);
  const height = width / ratio;
  return { x: (size.width - width) / 2, y: (size.height - height) / 2, width, height };
}

/** `area` widened by `margin` of itself on every side, cut at the picture's edge. */
export function widen(area: Area, margin: number, size: Size): Area {
  const x = Math.max(0, area.x - area.width * margin);
  const y = Math.max(0, area.y - area.height * margin);
  return {
    x,
    y,
    width: Math.min(size.width, area.x + area.width * (1 + margin)) - x,
    height: Math.min(size.height, area.y + area.height * (1 + margin)) - y,
  };
}
