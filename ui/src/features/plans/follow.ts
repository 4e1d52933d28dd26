// Following a pointer that took hold of something, until it lets go. Escape leaves all as it was.

import { type PointerEvent, useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";

const NEAR_EDGE = 110;
const SPEED = 10;

type Following<T> = {
  /** What is held when the pointer is at this height of the screen; the same where nothing changed. */
  at: (held: T, y: number) => T;
  letGo: (held: T) => void;
  /** Once it is taken hold of, and drawn so. */
  begun?: (grip: HTMLElement, y: number) => void;
  /** What scrolls where the pointer comes near its edge; else the page does. */
  box?: () => HTMLElement | null | undefined;
};

/** How far to scroll while the pointer is there: what lies beyond the edge comes nearer. */
const speedAt = (y: number, top: number, bottom: number, near: number) =>
  y < top + near ? -SPEED : y > bottom - near ? SPEED : 0;

function scrollFor(y: number, box: HTMLElement | null | undefined) {
  if (!box || box.scrollHeight <= box.clientHeight)
    return window.scrollBy(0, speedAt(y, 0, innerHeight, NEAR_EDGE));
  const { top, bottom } = box.getBoundingClientRect();
  box.scrollBy(0, speedAt(y, top, bottom, 24));
}

export function useFollowing<T>(does: Following<T>) {
  const [held, setHeld] = useState<T | null>(null);
  const live = useRef({ held, does, y: 0 });
  live.current.held = held;
  live.current.does = does;
  const isOn = held !== null;
  useEffect(() => {
    if (!isOn) return;
    let frame = 0;
    const look = () => {
      const { y, does } = live.current;
      scrollFor(y, does.box?.());
      setHeld((was) => (was === null ? was : does.at(was, y)));
      frame = requestAnimationFrame(look);
    };
    const leave = ({ key }: KeyboardEvent) => key === "Escape" && setHeld(null);
    frame = requestAnimationFrame(look);
    window.addEventListener("keydown", leave);
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener("keydown", leave);
    };
  }, [isOn]);
  /** What makes an element the one by which something is held; it stays the same. */
  const [grip] = useState(() => (first: T) => ({
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      event.preventDefault();
      const element = event.currentTarget;
      element.setPointerCapture?.(event.pointerId);
      live.current.y = event.clientY;
      flushSync(() => setHeld(first));
      live.current.does.begun?.(element, event.clientY);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      live.current.y = event.clientY;
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      const { held, does } = live.current;
      if (held === null) return;
      setHeld(null);
      does.letGo(does.at(held, event.clientY));
    },
    onPointerCancel: () => setHeld(null),
  }));
  return { held, grip };
}
