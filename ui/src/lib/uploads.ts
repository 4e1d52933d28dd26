// A picture or video on its way to the core: over HTTP in a browser, part by part in the window.

import { commands, type Upload } from "../bindings";
import { inWindow, ProblemError, pageHeaders, problemIn } from "./transport";

export type UploadKind = Upload["kind"];

/** What may be chosen; the core looks at the bytes. */
export const ACCEPTED: Record<UploadKind, string> = {
  picture: "image/jpeg,image/png",
  video: "video/mp4",
};

/** Sends a file; `progress` hears which share of it is gone, 0 to 1. */
export function uploadFile(file: File, progress: (share: number) => void): Promise<Upload> {
  return inWindow ? throughTheWindow(file, progress) : overHttp(file, progress);
}

/** `fetch` does not tell how much of a body is gone. */
function overHttp(file: File, progress: (share: number) => void): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/uploads?${new URLSearchParams({ fileName: file.name })}`);
    for (const [name, value] of Object.entries(pageHeaders())) request.setRequestHeader(name, value);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0);
    request.onload = () => {
      if (request.status === 201) resolve(JSON.parse(request.responseText));
      else reject(new ProblemError(problemIn(request.responseText)));
    };
    request.onerror = () => reject(new ProblemError(problemIn("")));
    request.send(file);
  });
}

/** Bytes of one part: small enough that the window stays quick. */
const PART_BYTES = 1024 * 1024;

async function throughTheWindow(file: File, progress: (share: number) => void): Promise<Upload> {
  for (let offset = 0, id: string | null = null; ; ) {
    const part = new Uint8Array(await file.slice(offset, offset + PART_BYTES).arrayBuffer());
    offset += part.length;
    const isLast = offset >= file.size;
    const taken = await commands.uploadPart({ id, bytes: base64(part), isLast, fileName: file.name });
    progress(file.size > 0 ? offset / file.size : 1);
    if (taken.upload) return taken.upload;
    id = taken.id;
  }
}

function base64(bytes: Uint8Array): string {
  let letters = "";
  // As many at once as a call takes arguments.
  for (let at = 0; at < bytes.length; at += 8192) {
    letters += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(letters);
}

const ORIGINAL = /(\/u\/[\w-]{43}\/)original\.\w+$/;
const PREVIEW = /\/u\/[\w-]{43}\/preview\.jpg$/;

/** The small picture beside the address of an upload. */
const previewBeside = (url: string): string | null =>
  ORIGINAL.test(url) ? url.replace(ORIGINAL, "$1preview.jpg") : null;

/** The small picture that fits an address that was typed: one of another upload does not stay. */
export const previewFor = (url: string, before: string): string =>
  previewBeside(url) ?? (PREVIEW.test(before) ? "" : before);

/** A still of a video as a picture, where this browser can make one. */
export async function stillOf(file: File): Promise<File | null> {
  if (!("requestVideoFrameCallback" in HTMLVideoElement.prototype)) return null;
  const video = document.createElement("video");
  const url = URL.createObjectURL(file);
  try {
    return await Promise.race([
      still(video, url),
      new Promise<null>((resolve) => setTimeout(() => resolve(null), 5_000)),
    ]);
  } catch {
    return null;
  } finally {
    video.removeAttribute("src");
    URL.revokeObjectURL(url);
  }
}

async function still(video: HTMLVideoElement, url: string): Promise<File | null> {
  video.muted = true;
  video.preload = "auto";
  const shown = new Promise<void>((resolve, reject) => {
    // The very first one is black as often as not.
    video.onloadedmetadata = () => {
      video.currentTime = Math.min(1, video.duration / 2);
    };
    video.onseeked = () => resolve();
    video.onerror = () => reject(new Error("no video of this browser's"));
  });
  video.src = url;
  await shown;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  const picture = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
  return picture && new File([picture], "still.jpg", { type: "image/jpeg" });
}
