// The program: its checks, its own work, its channel, and what it refuses.

import type {
  ChannelAdvice,
  CheckName,
  Code,
  FaultKind,
  Format,
  LogLevel,
  Point,
  PointState,
  QueueName,
  RichMenuState,
  SecretsHome,
  Thing,
  Trouble,
  Upkeep,
} from "../bindings";
import type { Label, WordsWith } from "../i18n";
import type { Shown } from "./tables";

export const CHECKS: Record<CheckName, Label> = {
  database: "Database",
  queue: "Message list",
  workers: "Senders",
  scheduler: "Timetable",
  line: "LINE",
  writer: "Writing",
  recorder: "Record of what was sent",
  tick: "Look for what is due",
  inbox: "Answers of patients",
  intake: "Calls from LINE",
  oldestQueued: "Longest wait",
  media: "What patients send",
  menu: "Menu in the chat",
  recount: "Counting of statistics",
};

export const QUEUES: Record<QueueName, Label> = {
  messageDelivery: "Due messages",
  scheduledMessages: "Scheduled messages",
};

export const CRON_JOBS: Record<Upkeep, Label> = {
  backup: "Backup of everything",
  maintenance: "Maintenance",
  "reachability-probe": "Look whether patients can be reached",
  "retry-sweep": "Retry of failed messages",
};

export const POINTS: Record<Point, Label> = {
  account: "The clinic's LINE account",
  quota: "Messages this month",
  secret: "Channel secret",
  webhook: "Webhook address",
  webhookTest: "Test call to the webhook",
  redelivery: "Calls again after a failure",
  clock: "The clock of this machine",
};

export const POINT_STATES: Record<PointState, Shown> = {
  ok: { label: "In order", color: "teal" },
  warning: { label: "Look at it", color: "orange" },
  failed: { label: "Does not work", color: "red" },
  unknown: { label: "Not known", color: "gray" },
};

export const LOG_LEVELS: Record<LogLevel, Shown> = {
  error: { label: "Error", color: "red" },
  warn: { label: "Warning", color: "orange" },
  info: { label: "Information", color: "gray" },
  debug: { label: "Detail", color: "gray" },
  trace: { label: "Finest detail", color: "gray" },
};

export const ADVICE: Record<ChannelAdvice, Label> = {
  enterToken:
    "Issue a channel access token in the LINE Developers console (Messaging API, at the bottom) and enter it here, or enter the channel id and the channel secret",
  lookAtConnection:
    "Look at the internet connection of this machine, and whether a firewall lets it call api.line.me",
  lookAtPlan: "Look at the plan and the rights of the account in the LINE Official Account Manager",
  chooseLargerPlan: "Choose a larger plan in the LINE Official Account Manager, or wait for the next month",
  copySecret: "Copy the channel secret from the LINE Developers console (Basic settings) and enter it here",
  copySecretAgain: "The channel secret here is not this channel's: copy it again from the console",
  enterWebhook:
    "Enter https://YOUR-ADDRESS/webhook/line as webhook URL in the LINE Developers console. LINE needs a public HTTPS address: run the headless service behind a reverse proxy or a tunnel",
  switchOnWebhook: 'Switch on "Use webhook" in the LINE Developers console (Messaging API)',
  lookAtAddress:
    "LINE cannot reach the address: look at DNS, the firewall, the certificate (a public one, with its chain) and whether the service runs",
  answersTooSlowly: "The address answers too slowly: look at the reverse proxy or the tunnel",
  lookAtPath: "Something else answers at the address: it must end in /webhook/line",
  lookAtProxy: "Look at the reverse proxy or the tunnel in front of this service",
  switchOnRedelivery:
    'Switch on "Webhook redelivery" in the LINE Developers console (Messaging API), so that answers given while this machine is off are not lost',
  switchOnTime: "Switch on automatic time (NTP) in this machine's settings",
};

export const TROUBLES: Record<Trouble, Label> = {
  full: "there is no room on the disk; make room and all goes on by itself",
  files: "the data folder cannot be written to or read; look at the disk and its rights",
  busy: "the database is busy; try again",
};

export const SECRETS_HOMES: Record<SecretsHome, Label> = {
  environment: "the environment",
  keychain: "the system keychain",
  file: "a file only you can read",
};

export const FORMATS: Record<Format, Label> = { csv: "Spreadsheet (CSV)", json: "JSON" };

/** What the core refuses or fails at. */
export const PROBLEMS: Record<Code, Label> = {
  invalid_input: "The request is not of the form that is asked for",
  out_of_limits: "A value is outside its limits",
  unauthenticated: "You are not signed in",
  forbidden: "You are not allowed to do this",
  not_found: "It is not there any more",
  method_not_allowed: "The request is not of the form that is asked for",
  conflict: "Not possible as things stand",
  too_large: "It is too large",
  unsupported_media_type: "The request is not of the form that is asked for",
  too_many_requests: "Too many requests; wait a moment",
  unavailable: "Not working right now",
  internal: "Something went wrong in the program",
};

export const GONE: Record<Thing, Label> = {
  patient: "this patient is not there any more",
  protocol: "this care plan is not there any more",
  template: "this template is not there any more",
  assignment: "this follow-up is not there any more",
  message: "this message is not there any more",
  workItem: "this entry of the worklist is not there any more",
  stranger: "this stranger is not there any more",
  media: "this file is not there any more",
  upload: "this file is not there any more",
  task: "this work is not under way any more",
  phone: "this practice phone is not there any more",
  settings: "these settings are not there any more",
  backup: "this backup is not there any more",
};

/** What may go wrong at the practice LINE. */
export const FAULTS: Record<FaultKind, Label> = {
  none: "LINE works",
  server_error: "LINE is down (500)",
  rate_limit: "Too fast (429)",
  monthly_limit: "Monthly limit reached (429)",
  user_limit: "Too many to one patient (429)",
  latency: "Answers come late",
  reset: "The connection breaks",
  lost_answer: "The answer is lost after accepting",
  token_expired: "The token expired",
  unauthorized: "The token is not valid",
};

/** How far the menu in the chat is; never that it is there before LINE has it. */
export const MENU_STATES: Record<RichMenuState, WordsWith<"time" | "words">> = {
  off: "It is off: patients see no menu.",
  starting: "It is being made at LINE.",
  on: "It is on since {time}.",
  stopping: "It is being taken away at LINE.",
  failed:
    "LINE did not let it be done: {words}. It is tried again every minute; until then patients may see it or not.",
};
