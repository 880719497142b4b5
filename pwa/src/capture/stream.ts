/** Why no live picture can be had; the file input is always the way out. */
export type CameraTrouble = "denied" | "none" | "busy" | "insecure";

export class CameraError extends Error {
  constructor(readonly code: CameraTrouble) {
    super(`camera: ${code}`);
  }
}

/** @throws CameraError */
export async function openCamera(facing: "environment" | "user"): Promise<MediaStream> {
  if (!navigator.mediaDevices?.getUserMedia) throw new CameraError("insecure");
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: facing, width: { ideal: 1920 }, height: { ideal: 1080 } },
    });
  } catch (cause) {
    throw new CameraError(trouble(cause));
  }
}

export function closeCamera(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

function trouble(cause: unknown): CameraTrouble {
  const name = cause instanceof DOMException ? cause.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  return name === "NotReadableError" || name === "AbortError" ? "busy" : "none";
}
