/** Zoom, turn and place of one photo in its frame. `x` and `y` are pixels from the frame's middle. */
export interface View {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
  /** Degrees clockwise: 0, 90, 180, 270. */
  readonly turn: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const FIT: View = { zoom: 1, x: 0, y: 0, turn: 0 };
export const STEP = 1.25;
const MOST = 8;

const clamp = (value: number, most: number): number => Math.max(-most, Math.min(most, value));

/** Size of the photo in the frame at zoom 1: all of it is seen. */
export function fitted(photo: Size, frame: Size, turn: number): Size {
  const lying = turn % 180 !== 0;
  const width = lying ? photo.height : photo.width;
  const height = lying ? photo.width : photo.height;
  const scale = Math.min(frame.width / width, frame.height / height);
  return { width: width * scale, height: height * scale };
}

/** Keeps the photo in sight: no edge of it goes past the frame's middle half. */
export function held(view: View, photo: Size, frame: Size): View {
  const { width, height } = fitted(photo, frame, view.turn);
  const x = Math.max(0, (width * view.zoom - frame.width) / 2);
  const y = Math.max(0, (height * view.zoom - frame.height) / 2);
  return { ...view, x: clamp(view.x, x), y: clamp(view.y, y) };
}

/** Zooms so that what lies under `point` (pixels from the frame's middle) stays there. */
export function zoomed(view: View, factor: number, point = { x: 0, y: 0 }): View {
  const zoom = Math.max(1, Math.min(MOST, view.zoom * factor));
  const grown = zoom / view.zoom;
  return {
    ...view,
    zoom,
    x: point.x - (point.x - view.x) * grown,
    y: point.y - (point.y - view.y) * grown,
  };
}

export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

/** Left, top, width, height in pixels of the upright photo. */
export type Read = readonly [number, number, number, number];

/** What is cut out to show a box: with half its height around it, and nothing outside the photo. */
export function around([left, top, width, height]: Read, photo: Size): Box {
  const margin = Math.max(8, height / 2);
  const x = Math.max(0, Math.min(left - margin, photo.width - 1));
  const y = Math.max(0, Math.min(top - margin, photo.height - 1));
  return {
    x,
    y,
    width: Math.max(1, Math.min(left + width + margin, photo.width) - x),
    height: Math.max(1, Math.min(top + height + margin, photo.height) - y),
  };
}

/** A box in the frame's middle, not larger than is needed to read it. */
export function onto(read: Read, photo: Size, frame: Size): View {
  const box = around(read, photo);
  const scale = fitted(photo, frame, 0).width / photo.width;
  const fill = Math.min(frame.width / box.width, frame.height / box.height) / scale;
  const zoom = Math.max(1, Math.min(MOST / 2, fill * 0.8));
  const x = (photo.width / 2 - box.x - box.width / 2) * scale * zoom;
  const y = (photo.height / 2 - box.y - box.height / 2) * scale * zoom;
  return held({ zoom, x, y, turn: 0 }, photo, frame);
}

export const moved = (view: View, dx: number, dy: number): View => ({
  ...view,
  x: view.x + dx,
  y: view.y + dy,
});

export const turned = (view: View): View => ({ ...FIT, turn: (view.turn + 90) % 360 });
