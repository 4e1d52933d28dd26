// Answers of the core that are valid as they stand; a test changes what it is about.

import type {
  Assignment,
  AssignmentCounts,
  FailedDelivery,
  LookedAtMessages,
  Message,
  MessageTemplate,
  PatientMedia,
  PatientSummary,
  PatientWords,
  PlannedMessage,
  Protocol,
  Settings,
  Status,
  Stranger,
  Timeline,
  Today,
  WorkItem,
} from "../bindings";

export * from "./answers";
export * from "./program";

const AT = "2026-11-24T02:10:00.000Z";

export const aStatus: Status = {
  clinicName: "Suan Dok Clinic",
  timeZone: "Asia/Bangkok",
  version: "0.1.0",
  practice: true,
  practiceAheadMs: 0,
  practiceHome: null,
  now: "2026-11-24T02:10:00.000Z",
  sending: "practice",
  sendingDetail: null,
  pausedBy: null,
  pausedBecause: null,
  sendingTrouble: null,
  sendingSince: null,
  alert: null,
  alertCode: null,
  role: "admin",
  needsAttention: 0,
  held: 0,
  worklistOpen: 0,
  worklistUrgent: 0,
  notifyUrgent: false,
};

export const aPatient: PatientSummary = {
  id: "p1",
  displayName: "Somchai Jaidee",
  nickname: null,
  reading: null,
  phone: null,
  phoneUri: null,
  birthDate: null,
  lineUserId: "U00000000000000000000000000000001",
  externalRef: "HN 1",
  locale: "th",
  language: "th",
  timeZone: null,
  status: "active",
  reachability: "reachable",
  obstacle: null,
  quietUntil: null,
  consentedAt: null,
  consentedBy: null,
  tags: [],
  note: "",
  demo: false,
  createdAt: AT,
  updatedAt: AT,
  activeAssignments: 1,
  nextDueAt: AT,
  nextMessageAt: AT,
  lastAnswerAt: null,
};

export const aProtocol: Protocol = {
  id: "c1",
  name: "After surgery",
  description: "Three days of rest",
  status: "active",
  actions: ["edit", "assign", "archive"],
  version: 2,
  published: true,
  lineCheckedAt: null,
  whenUnreachable: "hold",
  sender: null,
  steps: [
    {
      id: "s1",
      stepOrder: 1,
      name: "First day",
      trigger: { type: "immediate" },
      messageType: "text",
      content: { text: "Rest well today." },
      furtherMessages: [],
      quickReplies: [],
      requiresFeedback: false,
      feedback: null,
      priority: "normal",
      freshnessHours: null,
      pressCallsStaff: false,
      silent: false,
      atNight: null,
      translations: {},
    },
  ],
  activeAssignments: 3,
  demo: false,
  createdAt: AT,
  updatedAt: AT,
};

export const aProtocolSummary = { ...aProtocol, stepCount: 1 };

export const anAssignment: Assignment = {
  id: "a1",
  patientId: "p1",
  patientName: "Somchai Jaidee",
  protocolId: "c1",
  protocolName: "After surgery",
  protocolVersion: 2,
  status: "active",
  actions: ["pause", "complete", "cancel"],
  startedAt: AT,
  canMoveStart: true,
  endedAt: null,
  currentStep: 1,
  stepCount: 4,
  nextDueAt: AT,
  waitingMessages: 0,
  createdAt: AT,
  updatedAt: AT,
};

const begun = { active: 12, paused: 3, completed: 1_040, cancelled: 5 };
export const someCounts: AssignmentCounts = { assigned: 0, ...begun };

export const aPlanned: PlannedMessage = {
  dueAt: "2099-11-26T02:00:00.000Z",
  localTime: "2099-11-26 09:00",
  assignmentId: "a1",
  protocolName: "After surgery",
  stepName: "The wound",
  stepOrder: 2,
  stepId: "s2",
  occurrence: 0,
  atNight: null,
  messageType: "text",
  content: { text: "{{patient.name}}, how is the wound?" },
  furtherMessages: [],
  feedback: null,
  quickReplies: [],
};

export const aMessage: Message = {
  id: "m1",
  patientId: "p1",
  patientName: "Somchai Jaidee",
  assignmentId: null,
  protocolId: "c1",
  stepId: "s1",
  recurrenceId: null,
  repetition: null,
  messageType: "text",
  content: { text: "Rest well today." },
  furtherMessages: [],
  quickReplies: [],
  feedback: null,
  priority: "normal",
  state: "sent",
  actions: [],
  dueAt: AT,
  nextAttemptAt: null,
  acceptedAt: AT,
  attempts: 1,
  atNight: null,
  cause: null,
  causeText: null,
  httpStatus: 200,
  errorText: null,
  lineMessageId: null,
  lineRequestId: null,
  outcome: null,
  watchedAt: null,
  answers: [],
  said: [],
  createdAt: AT,
  updatedAt: AT,
};

export const aFailure: FailedDelivery = {
  id: "m1",
  patientId: "p1",
  patientName: "Somchai Jaidee",
  assignmentId: null,
  cause: "the LINE access token is not valid",
  causeCode: "token_invalid",
  retryable: true,
  attempts: 4,
  lastAttemptAt: AT,
  dueAt: AT,
  httpStatus: 401,
  lineRequestId: "5f1c",
  message: "Authentication failed",
  lineWords: "Authentication failed",
  maybeSent: false,
  state: "failed",
  actions: ["retry", "cancel"],
};

/** What an act on many messages would do: nothing, until a test says more. */
export const aLook: LookedAtMessages = {
  asOf: AT,
  matched: 0,
  more: false,
  ids: [],
  others: [],
  outlook: [],
  repetitions: 0,
};

export const aWorkItem: WorkItem = {
  id: "w1",
  patientId: "p1",
  patientName: "Somchai Jaidee",
  messageId: "m1",
  stepName: "First day",
  protocolName: "After surgery",
  reason: "worrying",
  what: "gave an answer that worries",
  whatCode: "worrying",
  chosen: null,
  detail: "I feel unwell",
  said: [],
  cause: null,
  urgent: true,
  untold: false,
  owner: null,
  snoozedUntil: null,
  actions: ["resolve", "note", "snooze", "take"],
  canSendAgain: false,
  linkedTo: null,
  notes: [],
  createdAt: AT,
  updatedAt: AT,
  resolvedAt: null,
  resolvedBy: null,
};

const noWords = {
  text: null,
  press: null,
  media: null,
  place: null,
  sticker: null,
  address: null,
  quoteToken: null,
  quoted: false,
  at: AT,
  unsentAt: null,
};

export const aStranger: Stranger = {
  id: "x1",
  displayName: "Malee",
  urgent: false,
  untold: false,
  said: [{ ...noWords, kind: "text", text: "is this the clinic?" }],
  actions: ["link", "resolve"],
  createdAt: AT,
  updatedAt: AT,
  resolvedAt: null,
  resolvedBy: null,
};

export const aPicture: PatientMedia = {
  id: "d1",
  state: "stored",
  reason: null,
  fileName: null,
  size: 1_200_000,
  mediaType: "image/png",
};

/** A patient who sent something without words. */
export const aSending: PatientWords = {
  ...noWords,
  kind: "image",
  media: aPicture,
};

export const aTimeline: Timeline = {
  timeZone: "Asia/Bangkok",
  planned: [],
  items: [
    {
      id: "m1",
      at: AT,
      localTime: "2026-11-24 09:10",
      message: aMessage,
      answer: null,
      said: null,
      note: null,
      event: null,
      completed: null,
    },
  ],
  nextCursor: null,
};

export const aDay: Today = {
  date: "2026-11-24",
  timeZone: "Asia/Bangkok",
  accepted: 31,
  failed: 0,
  toCome: 8,
  needAttention: 0,
  needYou: 3,
  nextDueAt: AT,
  quietHours: { start: "20:00", end: "08:00" },
  hours: [{ hour: 9, accepted: 31, failed: 0, toCome: 8 }],
  recent: [aMessage],
  comingUp: [],
};

export const theSettings: Settings = {
  version: 1,
  clinicName: "Suan Dok Clinic",
  clinicPhone: null,
  publicUrl: null,
  timeZone: "Asia/Bangkok",
  quietHours: { start: "20:00", end: "08:00" },
  patientPaceSeconds: null,
  consentRequired: false,
  notifyUrgent: false,
  markAsRead: false,
  mediaRetentionDays: 180,
  freshnessHours: 6,
  alarmWords: { en: ["bleeding", "fever"], th: ["เลือดออก"], ja: [], "zh-TW": [] },
  emergencyText: { en: "", th: "โทร 1669", ja: "", "zh-TW": "" },
  lineTokenSet: true,
  lineSecretSet: true,
  lineChannelId: null,
  secretsKeptIn: "the system keychain",
  secretsHome: "keychain",
};

export const page = <T>(...items: T[]) => ({ items, nextCursor: null });

export const aTemplate: MessageTemplate = {
  id: "t1",
  name: "Welcome",
  locale: "th",
  messageType: "text",
  content: { text: "Hi {{patient.nickname}}" },
  furtherMessages: [],
  quickReplies: [],
  archived: false,
  createdAt: "2026-11-24T02:10:00.000Z",
  updatedAt: "2026-11-24T02:10:00.000Z",
};
