// The one table of screens. From it come the paths, the menu, what stands in the address, and
// who may look. A new screen is one entry here and its file in features/.

import {
  IconActivityHeartbeat,
  IconChartBar,
  IconClipboardList,
  IconDeviceMobile,
  IconListCheck,
  IconMessages,
  IconSettings,
  IconSunHigh,
  IconTemplate,
  IconUserHeart,
  IconUsers,
} from "@tabler/icons-react";
import { createRootRoute, createRoute, type RouteComponent, redirect } from "@tanstack/react-router";
import type { ComponentType } from "react";
import type { Status } from "../bindings";
import { onDemand } from "../components/onDemand";
import { type Label, LOCALES } from "../i18n";
import {
  ASSIGNMENT_STATUSES,
  CAUSES,
  EXAMPLES,
  namesOf,
  PATIENT_GROUPS,
  PATIENT_SORTS,
  STAGES,
  WORK_REASONS,
} from "../labels";
import { DAY_PRESETS, HOUR_KINDS, PEOPLE_PARTS } from "../labels/filters";
import type { Operation } from "../lib/roles";
import { day, oneOf, searchOf, text } from "../lib/search";

type Shown = {
  label: Label;
  /** What it is there for: whoever may not ask the core for it does not see the screen. */
  ask: Operation;
  /** In the menu, in the order of the table, where there is one. */
  Icon?: typeof IconUsers;
  /** Only while messages go to the practice phones. */
  practice?: boolean;
  /** How many need somebody; shown beside the label. */
  count?: (status: Status) => number;
};

declare module "@tanstack/react-router" {
  interface StaticDataRouteOption {
    screen?: Shown;
  }
}

export const root = createRootRoute();

function screen<const P extends string, S extends object = object>(
  path: P,
  shown: Shown,
  component: RouteComponent,
  search?: (raw: Record<string, unknown>) => S,
) {
  return createRoute({
    getParentRoute: () => root,
    path,
    component,
    validateSearch: search ?? (() => ({}) as S),
    staticData: { screen: shown },
  });
}

// The types of a screen hang on the router's, and the router's on these: nothing is worked out here.
const lazy = <T extends object>(read: () => Promise<T>, name: keyof T): RouteComponent =>
  onDemand(async () => (await read())[name] as ComponentType);

const ofPeople = searchOf({
  part: oneOf(...PEOPLE_PARTS),
  which: oneOf("open", "snoozed", "resolved"),
  reason: oneOf(...namesOf(WORK_REASONS)),
});

export const screens = [
  screen(
    "/",
    { label: "Today", ask: "today", Icon: IconSunHigh },
    lazy(() => import("../features/today/Today"), "Today"),
    // Where a sign-in link that was used already leads.
    searchOf({ signin: oneOf("used") }),
  ),
  screen(
    "/worklist",
    {
      label: "People who need you",
      ask: "list_worklist",
      Icon: IconUserHeart,
      count: (s) => s.worklistOpen + s.needsAttention + s.held,
    },
    lazy(() => import("../features/people/People"), "People"),
    ofPeople,
  ),
  screen(
    "/patients",
    { label: "Patients", ask: "list_patients", Icon: IconUsers },
    lazy(() => import("../features/patients/Patients"), "Patients"),
    searchOf({
      search: text,
      group: oneOf(...namesOf(PATIENT_GROUPS)),
      tag: text,
      sort: oneOf(...namesOf(PATIENT_SORTS)),
    }),
  ),
  screen(
    "/patients/$id",
    { label: "Patient", ask: "get_patient" },
    lazy(() => import("../features/patients/Patient"), "PatientScreen"),
    searchOf({ timeline: oneOf("all", "messages"), answers: oneOf("dots", "table"), row: text }),
  ),
  screen(
    "/plans",
    { label: "Care plans", ask: "list_protocols", Icon: IconClipboardList },
    lazy(() => import("../features/plans/Plans"), "Plans"),
    searchOf({ show: oneOf("archived") }),
  ),
  screen(
    "/plans/choose",
    { label: "New care plan", ask: "create_protocol" },
    lazy(() => import("../features/plans/ChoosePlan"), "ChoosePlan"),
    searchOf({ language: oneOf(...namesOf(LOCALES)) }),
  ),
  screen(
    "/plans/templates",
    { label: "Message templates", ask: "list_message_templates", Icon: IconTemplate },
    lazy(() => import("../features/plans/Templates"), "Templates"),
  ),
  screen(
    "/plans/new",
    { label: "New care plan", ask: "create_protocol" },
    lazy(() => import("../features/plans/NewPlan"), "NewPlanScreen"),
    searchOf({ example: oneOf(...EXAMPLES), language: oneOf(...namesOf(LOCALES)), copy: text }),
  ),
  screen(
    "/plans/$id",
    { label: "Care plan", ask: "get_protocol" },
    lazy(() => import("../features/plans/Plan"), "PlanScreen"),
    searchOf({ language: oneOf(...namesOf(LOCALES)), version: text }),
  ),
  screen(
    "/plans/$id/edit",
    { label: "Edit care plan", ask: "update_protocol" },
    lazy(() => import("../features/plans/PlanEditor"), "EditPlanScreen"),
  ),
  screen(
    "/follow-ups",
    { label: "Follow-ups", ask: "list_assignments", Icon: IconListCheck },
    lazy(() => import("../features/followups/FollowUps"), "FollowUps"),
    searchOf({ status: oneOf("all", ...namesOf(ASSIGNMENT_STATUSES)), search: text, plan: text }),
  ),
  screen(
    "/messages",
    { label: "Messages", ask: "list_messages", Icon: IconMessages },
    lazy(() => import("../features/messages/Messages"), "Messages"),
    searchOf({ stage: oneOf(...namesOf(STAGES)), cause: oneOf(...namesOf(CAUSES)), from: text, to: text }),
  ),
  screen(
    "/statistics",
    { label: "Statistics", ask: "answer_stats", Icon: IconChartBar },
    lazy(() => import("../features/statistics/Statistics"), "Statistics"),
    searchOf({
      days: oneOf(...DAY_PRESETS),
      from: day,
      to: day,
      plan: text,
      tables: text,
      hours: oneOf(...HOUR_KINDS),
    }),
  ),
  screen(
    "/phone",
    { label: "Practice phone", ask: "phones", Icon: IconDeviceMobile, practice: true },
    lazy(() => import("../features/phone/Phone"), "PhoneScreen"),
    searchOf({ phone: text }),
  ),
  screen(
    "/system",
    { label: "System", ask: "jobs_health", Icon: IconActivityHeartbeat },
    lazy(() => import("../features/system/System"), "System"),
    // The names of acts are many and used by this screen alone: it checks them itself.
    searchOf({ act: text, who: text, from: day, to: day, log: oneOf("info", "warn", "error") }),
  ),
  screen(
    "/welcome",
    { label: "Welcome to Clinicue", ask: "update_settings" },
    lazy(() => import("../features/settings/welcome/Welcome"), "Welcome"),
  ),
  screen(
    "/settings",
    { label: "Settings", ask: "update_settings", Icon: IconSettings },
    lazy(() => import("../features/settings/Settings"), "Settings"),
  ),
] as const;

/** Addresses of screens that are part of another one now. */
export const moved = [
  createRoute({
    getParentRoute: () => root,
    path: "/attention",
    validateSearch: ofPeople,
    beforeLoad: ({ search }) => {
      const isBare = Object.keys(search).length === 0;
      throw redirect({
        to: "/worklist",
        search: isBare ? { part: "messages" as const } : search,
        replace: true,
      });
    },
  }),
];
