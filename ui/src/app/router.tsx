// Every path of the UI. A new screen is one line here and its file in routes/.

import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from "@tanstack/react-router";
import { inWindow } from "../lib/transport";
import { Shell } from "./Shell";

const root = createRootRoute({ component: Shell });

const at = <P extends string>(path: P, load: () => Promise<Record<string, unknown>>, name: string) =>
  createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent(load as () => Promise<Record<string, React.ComponentType>>, name),
  });

const tree = root.addChildren([
  at("/", () => import("../routes/today"), "TodayRoute"),
  at("/worklist", () => import("../routes/worklist"), "WorklistRoute"),
  at("/attention", () => import("../routes/attention"), "AttentionRoute"),
  at("/patients", () => import("../routes/patients"), "PatientsRoute"),
  at("/patients/$id", () => import("../routes/patient"), "PatientRoute"),
  at("/plans", () => import("../routes/plans"), "PlansRoute"),
  at("/plans/new", () => import("../routes/plan-editor"), "NewPlanRoute"),
  at("/plans/$id", () => import("../routes/plan"), "PlanRoute"),
  at("/plans/$id/edit", () => import("../routes/plan-editor"), "EditPlanRoute"),
  at("/follow-ups", () => import("../routes/follow-ups"), "FollowUpsRoute"),
  at("/statistics", () => import("../routes/statistics"), "StatisticsRoute"),
  at("/phone", () => import("../routes/phone"), "PhoneRoute"),
  at("/system", () => import("../routes/system"), "SystemRoute"),
  at("/settings", () => import("../routes/settings"), "SettingsRoute"),
]);

// The window has no server behind its paths.
export const router = createRouter({
  routeTree: tree,
  defaultPreload: "intent",
  ...(inWindow ? { history: createHashHistory() } : {}),
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
