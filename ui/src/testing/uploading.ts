// A way for files that goes nowhere: the test says how far they are and what is answered.

import { act } from "@testing-library/react";
import { vi } from "vitest";
import type { Problem, Upload } from "../bindings";

type Sent = { url: string; file: File };

/** Takes the place of the browser's own; `sent` has the files that were begun. */
export function catchUploads() {
  const sent: Sent[] = [];
  let latest: Fake | undefined;
  class Fake {
    upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {};
    onload?: () => void;
    onerror?: () => void;
    status = 0;
    responseText = "";
    url = "";
    open(_: string, url: string) {
      this.url = url;
    }
    setRequestHeader() {}
    send(file: File) {
      sent.push({ url: this.url, file });
      latest = this;
    }
  }
  vi.stubGlobal("XMLHttpRequest", Fake);
  const answer = (status: number, body: Upload | Problem) =>
    act(async () => {
      if (!latest) throw new Error("nothing was sent");
      latest.status = status;
      latest.responseText = JSON.stringify(body);
      latest.onload?.();
    });
  return {
    sent,
    progress: (loaded: number, total: number) =>
      act(async () => latest?.upload.onprogress?.({ loaded, total })),
    answer: (upload: Upload) => answer(201, upload),
    refuse: (problem: Problem) => answer(problem.status, problem),
    breakOff: () => act(async () => latest?.onerror?.()),
  };
}

const UPLOADED = `https://clinic.example/u/${"a".repeat(43)}/`;

/** A picture that was uploaded. */
export const anUpload: Upload = {
  id: "u1",
  kind: "picture",
  mediaType: "image/jpeg",
  fileName: "wound.jpg",
  width: 800,
  height: 600,
  size: 90_000,
  url: `${UPLOADED}original.jpg`,
  previewUrl: `${UPLOADED}preview.jpg`,
  used: false,
  createdAt: "2026-11-24T02:10:00.000Z",
};
