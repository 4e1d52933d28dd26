// The bytes of what patients sent. A browser's own player and pictures take them by an address that
// is good for a while, as much of them as is seen; the window asks the core part by part.

import { commands, type PatientMedia } from "../bindings";
import { readOf } from "./live";
import { inWindow } from "./transport";

/** An address that is good for a while, or in the window all of it. */
type Shown = { url: string } | { blob: Blob };

export const useMedia = readOf("media", [], ({ id }: { id: string }) => showMedia(id));

async function showMedia(id: string): Promise<Shown> {
  if (inWindow) return { blob: await inTheWindow(id) };
  const { url } = await commands.mediaTicket({ id });
  return { url };
}

async function inTheWindow(id: string): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let offset = 0; ; ) {
    const { bytes, size, mediaType } = await commands.mediaPart({ id, offset });
    const part = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
    parts.push(part);
    offset += part.length;
    if (offset >= size || part.length === 0) return new Blob(parts, { type: mediaType });
  }
}

/** Saves it where downloads go; says where it lies, or nothing where the browser decides. */
export async function saveMedia({ id, fileName }: PatientMedia, otherName: string): Promise<string | null> {
  if (inWindow) return commands.saveMedia({ id });
  const link = document.createElement("a");
  // The browser writes it to the disk as it comes: a film may have 200 MB.
  link.href = (await commands.mediaTicket({ id })).url;
  link.download = fileName ?? otherName;
  link.click();
  return null;
}
