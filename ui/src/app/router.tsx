import {
  createHashHistory,
  createRouter,
  parseSearchWith,
  type RouterHistory,
  stringifySearchWith,
} from "@tanstack/react-router";
import { inWindow } from "../lib/transport";
import { NotFound } from "./NotFound";
import { ScreenFailed } from "./ScreenFailed";
import { Shell } from "./Shell";
import { moved, root, screens } from "./screens";

const routeTree = root.update({ component: Shell }).addChildren([...screens, ...moved]);

export const routerWith = (history?: RouterHistory) =>
  createRouter({
    routeTree,
    defaultPreload: "intent",
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: ScreenFailed,
    // What stands in an address is text: a patient's number stays as it was typed.
    parseSearch: parseSearchWith((text) => text),
    stringifySearch: stringifySearchWith(String),
    // What no screen knows does not stay in the address.
    search: { strict: true },
    ...(history ? { history } : {}),
  });

// The window has no server behind its paths.
export const router = routerWith(inWindow ? createHashHistory() : undefined);

export type Router = typeof router;

declare module "@tanstack/react-router" {
  interface Register {
    router: Router;
  }
}
