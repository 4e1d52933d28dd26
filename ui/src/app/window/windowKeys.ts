// The keys of a program: a browser has them by itself, and its window alone hears these.

import { useEffect } from "react";
import { commands } from "../../bindings";
import { isKey } from "../../lib/keys";

type Zoom = "larger" | "smaller" | "usual";
type Act = "quit" | "close" | Zoom;

const KEPT = "clinicue.zoom";
/** As browsers have them, in percent. */
const ZOOMS = [50, 67, 75, 80, 90, 100, 110, 125, 150, 175, 200, 250, 300];
const DEFAULT_ZOOM_PERCENT = 100;

const keptZoom = () => {
  const kept = Number(localStorage.getItem(KEPT));
  return ZOOMS.includes(kept) ? kept : DEFAULT_ZOOM_PERCENT;
};

function actOf(event: KeyboardEvent): Act | null {
  const { ctrlKey, metaKey, altKey, shiftKey, key, code } = event;
  if (event.isComposing || altKey || !(ctrlKey || metaKey)) return null;
  // On some keyboards plus is a key with Shift, on others a key of its own.
  if (key === "+" || key === "=" || code === "NumpadAdd") return "larger";
  if (shiftKey) return null;
  if (key === "-" || code === "NumpadSubtract") return "smaller";
  if (key === "0" || code === "Digit0" || code === "Numpad0") return "usual";
  if (event.repeat) return null;
  if (isKey(event, "q", "KeyQ")) return "quit";
  return isKey(event, "w", "KeyW") ? "close" : null;
}

function zoomAfter(act: Zoom): number {
  const zoom = keptZoom();
  if (act === "usual") return DEFAULT_ZOOM_PERCENT;
  const at = ZOOMS.indexOf(zoom) + (act === "larger" ? 1 : -1);
  return ZOOMS[at] ?? zoom;
}

async function showZoom(zoom: number) {
  const { getCurrentWebview } = await import("@tauri-apps/api/webview");
  await getCurrentWebview().setZoom(zoom / 100);
}

async function does(act: Act) {
  if (act === "quit") return commands.quit();
  if (act === "close") {
    const { getCurrentWindow } = await import("@tauri-apps/api/window");
    return getCurrentWindow().close();
  }
  return zoomBy(act);
}

/** Draws everything in another size. */
export function zoomBy(act: Zoom) {
  const zoom = zoomAfter(act);
  localStorage.setItem(KEPT, String(zoom));
  return showZoom(zoom);
}

/** Hears them; how large everything is drawn is kept on this computer. */
export function useWindowKeys() {
  useEffect(() => {
    if (keptZoom() !== DEFAULT_ZOOM_PERCENT) void showZoom(keptZoom());
    const hear = (event: KeyboardEvent) => {
      const act = actOf(event);
      if (!act) return;
      event.preventDefault();
      void does(act);
    };
    document.addEventListener("keydown", hear);
    return () => document.removeEventListener("keydown", hear);
  }, []);
}
