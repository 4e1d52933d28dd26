// Lets the browser keep the page and its scripts (`ui/worker/sw.js`), for when the server is away.
// The window has its files with it, and what is being written is served by Vite.

import { inWindow } from "../lib/transport";

export function keepShell() {
  // Browsers offer it at this computer's own address and over https alone.
  if (inWindow || !import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  // Without it the page works as long as the server is there.
  navigator.serviceWorker.register("/sw.js").catch(() => undefined);
}
