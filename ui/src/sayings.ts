// What the core finds, as a code with its parts, in sentences. The places of a sentence are the
// parts of its code; a code without a sentence does not compile.

import type {
  Act,
  Actor,
  AlertCode,
  Change,
  ChannelAdvice,
  ChannelFinding,
  DatabaseRemark,
  HealthFinding,
  SecretsHome,
  Thing,
  Trouble,
} from "./bindings";
import type { Label, Tell, Translate, WordsWith } from "./i18n";
import { ACTORS, ASSIGNMENT_STATUSES, CAUSES, ROLES } from "./labels";
import type { SaidProblem } from "./lib/transport";
import { WRONG, type Wrong } from "./wrong";

type Coded = { code: string };
/** A sentence for each code, whose places are among the code's parts. */
export type Sayings<F extends Coded> = {
  [C in F["code"]]: WordsWith<Exclude<keyof Extract<F, { code: C }>, "code">>;
};

const CHANNEL_FINDINGS: Sayings<ChannelFinding> = {
  account: "{name} ({basicId})",
  tokenNotTaken: "LINE does not take the channel access token",
  notAllowed: "LINE does not allow it: {message}",
  refused: "LINE answered {status}: {message}",
  refusedWithoutWords: "LINE answered {status}",
  unreachable:
    "LINE could not be reached: {how, select, noConnection {no connection came about} noAnswer {it did not answer in time} cutOff {its answer was cut off} other {its answer could not be read}}",
  quotaUnlimited: "{used, plural, one {# message} other {# messages}} this month, no limit",
  quotaUsed: "{used} of {limit, plural, one {# message} other {# messages}} used this month",
  secretThere: "there is a channel secret",
  secretMissing: "without the channel secret no answer can be trusted",
  webhookEntered: "{url}",
  webhookOff: "{url} is entered but switched off",
  webhookMissing: "no webhook URL is entered",
  testArrived: "a test call arrived",
  testFailed: "the test call failed: {reason} {detail}",
  testTooOften: "LINE allows 60 test calls an hour; try again later",
  redeliveryOn: "LINE has delivered events again, so it is switched on",
  redeliveryUnknown: "LINE does not tell whether redelivery is on",
  clockAgrees: "this machine's clock agrees with LINE's",
  clockDiffers: "this machine's clock differs from LINE's by {seconds} s",
};

export const foundOfChannel = (finding: ChannelFinding, tell: Tell) => tell(CHANNEL_FINDINGS, finding).trim();

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

export const ALERTS: Record<AlertCode, Label> = {
  notAllowed: "the LINE account is not allowed to send this",
  restarting: "a part of the program stopped; it is being started again",
};

export const SECRETS_HOMES: Record<SecretsHome, Label> = {
  environment: "the environment",
  keychain: "the system keychain",
  file: "a file only you can read",
};

const REMARKS: Sayings<DatabaseRemark> = {
  withoutLog: "its log is missing after an unclean end; what was written last may be lost",
  synced: "the data folder lies in {by}, which may copy the database between two writes; move it elsewhere",
  beingChecked: "is being checked after an unclean end",
};

type Plain = Exclude<HealthFinding, { code: "canBeRead" | "trouble" | "runs" | "line" }>;

const HEALTH_FINDINGS: Sayings<Plain> = {
  canBeWritten: "can be written",
  damaged: "is damaged ({detail}); restore a backup",
  fails: "fails; the log has the cause",
  takesTooLong: "takes too long",
  queued: "the oldest queued message waits for {seconds} s",
  nothingQueued: "no message is queued",
  workersUp: "are up",
  workersStopped: "stopped; they are being restarted",
  onTime: "looks on time",
  late: "has not looked for two minutes",
  runByHand: "is run by hand",
  stopped: "stopped; it is being restarted",
  notConnected: "LINE is not connected",
  takesMessages: "takes messages",
};

export function foundOfHealth(finding: HealthFinding, t: Translate, tell: Tell): string {
  switch (finding.code) {
    case "canBeRead":
      return [t("can be read"), ...finding.remarks.map((remark) => tell(REMARKS, remark))].join("; ");
    case "trouble":
      return t(TROUBLES[finding.trouble]);
    case "line":
      return t(CAUSES[finding.cause].label);
    case "runs":
      return finding.restarts === 0
        ? t("runs")
        : t("runs; starts after a stop: {n}", { n: finding.restarts });
    default:
      return tell(HEALTH_FINDINGS, finding);
  }
}

/** What is wrong with a field; in the core's words where a part is not known. */
export function wrongWith({ code, message, limit, takes }: Wrong, t: Translate, tell: Tell): string {
  if (code === "refusedByLine") return t("LINE says: {words}", { words: message });
  const words = WRONG[code];
  const isWhole = (!/\{n[},]/.test(words) || limit != null) && (!words.includes("{takes}") || takes != null);
  return isWhole
    ? tell(WRONG, { code, ...(limit != null && { n: limit }), ...(takes != null && { takes }) })
    : message;
}

const GONE: Record<Thing, Label> = {
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
};

type Refused = NonNullable<SaidProblem["refusal"]>;
type Plainly = Exclude<Refused, { code: "gone" | "changedMeanwhile" | "database" }>;

const REFUSALS: Sayings<Plainly> = {
  patientArchived: "the patient is archived",
  keyTaken: "another message was accepted under this key; give this one a key of its own",
  accountTaken: "another patient is linked to this LINE account",
  patientLinked: "this patient is linked to another LINE account; take that link away first",
  protocolNotActive: "the care plan is not active; activate it first",
  protocolFixed: "an archived care plan cannot be changed; copy it instead",
  protocolArchived: "an archived care plan cannot be activated",
  notInThisStatus: "the follow-up has gone on to another status; look at it again",
  onItsWay: "the message is on its way to LINE at this moment; look again in a moment",
  notToCancel: "the message can no longer be cancelled; look at it again",
  notToRetry: "the message cannot be sent again as things stand; look at it again",
  maybeSentLongAgo:
    "it may have been sent more than 23 hours ago, and the patient could get it twice. Ask the patient, or send a new message",
  lookedAfter: "{by} looks after this already",
  settledAlready: "this is settled already; reopen it first",
  onListAgain: "the same matter is on the list again already",
  nothingToSend: "there is nothing to send again here; call the patient instead",
  noLinkAsked: "this entry is not about a link",
  secretsFromEnvironment: "the LINE token and secret come from the environment; change them there",
  demoNeedsPractice: "the demo clinic needs practice mode: start with --sandbox",
  demoLoaded: "the demo clinic is loaded already",
  demoOnItsWay: "a message to a demo patient is on its way; try again in a moment",
  noPhones: "there are no practice phones: messages go to the real LINE",
  downloadsFull: "the folder for downloads is full of exports of these days",
  notWritten: "the file could not be written: {error}",
  noNotification: "the desktop takes no notification: {error}",
  needsOperator: "this needs the role of an operator",
  needsAdmin: "this needs the role of an administrator",
  notSignedIn: "sign in again",
  unknownToken: "this token is not known",
  linkUsed: "That sign-in link was used already or is too old.",
  foreignName: "Clinicue is not asked under this name; add it to “hosts” in config.toml if it is right",
  foreignPage: "a page of another origin may not ask this",
  tooBusy: "too many requests at once; come back in a moment",
  tookTooLong: "this took too long; try again",
  notAPicture: "only JPEG and PNG pictures and MP4 videos are taken",
  saveAsJpeg: "LINE shows no HEIC pictures, as an iPhone keeps them; save it as JPEG and upload that",
  brokenFile: "the file cannot be read to its end; save it anew and try again",
  tooManyPixels: "the picture is too large: it takes at most {megapixels} million pixels",
  uploadUsed: "a care plan, a template or a message that waits shows it; take it out there first",
  bodyTooLarge: "it takes at most {limit} MB",
  inLog: "the log has the cause",
  noAnswer: "Clinicue does not answer.",
};

/** Why something was refused or failed; in the core's English where there is no code for it. */
export function refused({ refusal, detail }: SaidProblem, t: Translate, tell: Tell): string {
  if (!refusal) return detail;
  switch (refusal.code) {
    case "gone":
      return t(GONE[refusal.what]);
    case "changedMeanwhile":
      return t("somebody else changed this meanwhile; look at it again before you save");
    case "database":
      return t(TROUBLES[refusal.trouble]);
    case "bodyTooLarge": {
      const megabytes: typeof refusal = { ...refusal, limit: Math.floor(refusal.limit / 10_000) / 100 };
      return tell(REFUSALS, megabytes);
    }
    default:
      return tell(REFUSALS, refusal);
  }
}

/** Who did something: the name of a token or session, or in words whoever acts without one. */
export const whoIn = (who: string, t: Translate): string =>
  Object.hasOwn(ACTORS, who) ? t(ACTORS[who as Actor]) : who;

/** What staff and the program did. */
export const ACTIVITIES: Record<Act, Label> = {
  "patient.create": "Patient added",
  "patient.update": "Patient changed",
  "patient.link": "Linked to LINE",
  "patient.unlink": "Link to LINE taken away",
  "patient.link_code": "Slip with a code made",
  "patient.link_refused": "Link refused",
  "patients.import": "Patients imported",
  "protocol.create": "Care plan written",
  "protocol.update": "Care plan changed",
  "protocol.activate": "Care plan activated",
  "protocol.archive": "Care plan archived",
  "upload.create": "File uploaded",
  "upload.delete": "Uploaded file deleted",
  "template.create": "Message template written",
  "template.update": "Message template changed",
  "template.archive": "Message template archived",
  "assignment.create": "Care plan assigned",
  "assignment.start": "Follow-up started",
  "assignment.pause": "Follow-up paused",
  "assignment.resume": "Follow-up resumed",
  "assignment.complete": "Follow-up completed",
  "assignment.cancel": "Follow-up cancelled",
  "message.send": "Message written",
  "message.send_again": "Message sent once more",
  "message.retry": "Message tried again",
  "message.cancel": "Message cancelled",
  "messages.retry": "Failed messages tried again",
  "worklist.take": "Worklist: taken or let go",
  "worklist.snooze": "Worklist: put off",
  "worklist.resolve": "Worklist: settled",
  "worklist.reopen": "Worklist: reopened",
  "worklist.send_again": "Worklist: sent once more",
  "stranger.resolve": "Someone unknown: settled",
  "stranger.reopen": "Someone unknown: reopened",
  "interactions.export": "Log exported",
  "jobs.maintenance": "Maintenance run",
  "jobs.cleanup": "Message list cleaned up",
  "settings.update": "Settings changed",
  "menu.on": "Menu in the chat switched on",
  "menu.off": "Menu in the chat switched off",
  "sending.pause": "Sending paused",
  "sending.resume": "Sending resumed",
  "token.create": "Access token made",
  "token.revoke": "Access token revoked",
  "demo.load": "Demo clinic loaded",
  "demo.remove": "Demo clinic removed",
};

type Counted = Exclude<Change, { code: "status" | "export" | "role" }>;

const CHANGES: Sayings<Counted> = {
  messages: "{count, plural, one {# message} other {# messages}}",
  patients: "{count, plural, one {# patient} other {# patients}}",
  removed: "older than {hours} hours: {count}",
  revoked: "{count} named {name}",
};

/** What an act changed. */
export function changed(change: Change, t: Translate, tell: Tell): string {
  switch (change.code) {
    case "status": {
      const from = t(ASSIGNMENT_STATUSES[change.from].label);
      const to = t(ASSIGNMENT_STATUSES[change.to].label);
      const { held, cancelled } = change;
      if (held > 0)
        return t("{from} → {to}; {held, plural, one {# waiting message} other {# waiting messages}} held", {
          from,
          to,
          held,
        });
      if (cancelled > 0)
        return t(
          "{from} → {to}; {cancelled, plural, one {# waiting message} other {# waiting messages}} cancelled",
          { from, to, cancelled },
        );
      return t("{from} → {to}", { from, to });
    }
    case "export":
      return change.pseudonymised
        ? t("{n, plural, one {# row} other {# rows}}, under pseudonyms", { n: change.rows })
        : t("{n, plural, one {# row} other {# rows}}, with names", { n: change.rows });
    case "role":
      return t(ROLES[change.role]);
    default:
      return tell(CHANGES, change);
  }
}
