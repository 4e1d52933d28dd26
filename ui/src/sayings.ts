// What the core finds, as a code with its parts, in sentences. The places of a sentence are the
// parts of its code; a code without a sentence does not compile.

import type {
  Actor,
  Cause,
  Change,
  ChannelFinding,
  DatabaseRemark,
  HealthFinding,
  Unreached,
} from "./bindings";
import type { Tell, Translate, WordsWith } from "./i18n";
import { ACTORS, ASSIGNMENT_STATUSES, CAUSES, GONE, ROLES, TROUBLES } from "./labels";
import { KEY_LIFE_HOURS } from "./lib/limits";
import type { SaidProblem } from "./lib/transport";

type Coded = { code: string };
/** A sentence for each code, whose places are among the code's parts. */
type Sayings<F extends Coded> = {
  [C in F["code"]]: WordsWith<Exclude<keyof Extract<F, { code: C }>, "code">>;
};

const CHANNEL_FINDINGS: Sayings<Exclude<ChannelFinding, { code: "unreachable" }>> = {
  account: "{name} ({basicId})",
  tokenNotTaken: "LINE does not take the channel access token",
  notAllowed: "LINE does not allow it: {message}",
  refused: "LINE answered {status}: {message}",
  refusedWithoutWords: "LINE answered {status}",
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

const UNREACHED: Sayings<{ code: Unreached }> = {
  noConnection: "LINE could not be reached: no connection came about",
  noAnswer: "LINE could not be reached: it did not answer in time",
  cutOff: "LINE could not be reached: its answer was cut off",
  unreadable: "LINE could not be reached: its answer could not be read",
};

export const foundOfChannel = (finding: ChannelFinding, tell: Tell) =>
  finding.code === "unreachable"
    ? tell(UNREACHED, { code: finding.how })
    : tell(CHANNEL_FINDINGS, finding).trim();

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

type Refused = NonNullable<SaidProblem["refusal"]>;
type Plainly = Exclude<Refused, { code: "gone" | "changedMeanwhile" | "database" | "maybeSentLongAgo" }>;

const REFUSALS: Sayings<Plainly> = {
  patientArchived: "the patient is archived",
  stillCaredFor: "follow-ups run or messages wait; end them and cancel those first",
  keyTaken: "another message was accepted under this key; give this one a key of its own",
  accountTaken: "another patient is linked to this LINE account",
  patientLinked: "this patient is linked to another LINE account; take that link away first",
  protocolNotActive: "the care plan is not active; activate it first",
  protocolFixed: "an archived care plan cannot be changed; copy it instead",
  protocolArchived: "an archived care plan cannot be activated",
  notInThisStatus: "the follow-up has gone on to another status; look at it again",
  notAhead: "the step came already or was left out; look at it again",
  notLeftOut: "the step was not left out, or its time has passed",
  onItsWay: "the message is on its way to LINE at this moment; look again in a moment",
  notToCancel: "the message can no longer be cancelled; look at it again",
  notToRetry: "the message cannot be sent again as things stand; look at it again",
  retryBegun: "it is being sent already; look at it again",
  notToMove: "the message goes at its time, or went already; look at it again",
  notToHold: "the message went already, or it is one of a repetition; look at it again",
  notHeldBack: "nobody holds it back any more; look at it again",
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
  practisingAlready: "this is practice mode already",
  practiceNotOpened: "the practice clinic could not be opened: {error}",
  nothingPlanned: "no message is planned: there is nothing to jump to",
  notQuiet: "quiet hours are not now",
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
  backupRuns: "a backup is being made at this moment; look again in a moment",
  noRoomForBackup: "a backup needs {needed} MB free on the disk, and {free} MB are; make room first",
  backupOnServer: "a database on a server is backed up with the server’s own tools",
  damagedBackup: "this backup is damaged",
  noRestoreHere: "not in a practice clinic",
  bodyTooLarge: "it takes at most {limit} MB",
  inLog: "the log has the cause",
  noAnswer: "Clinicue does not answer.",
  noAnswerInTime: "Clinicue did not answer within {seconds} s.",
  outcomeUnknown: "No answer came, so it is not known whether this was done. Look before you do it again.",
};

/** Why something was refused or failed; in the core's English where there is no code for it. */
export function refused(
  { refusal, detail }: Pick<SaidProblem, "refusal" | "detail">,
  t: Translate,
  tell: Tell,
): string {
  if (!refusal) return detail;
  switch (refusal.code) {
    case "gone":
      return t(GONE[refusal.what]);
    case "changedMeanwhile":
      return t("somebody else changed this meanwhile; look at it again before you save");
    case "database":
      return t(TROUBLES[refusal.trouble]);
    case "maybeSentLongAgo":
      return t(
        "it may have been sent more than {hours} hours ago, and the patient could get it twice. Ask the patient, or send a new message",
        { hours: KEY_LIFE_HOURS },
      );
    case "noRoomForBackup": {
      const megabytes: typeof refusal = {
        ...refusal,
        needed: Math.ceil(refusal.needed / 1e6),
        free: Math.floor(refusal.free / 1e6),
      };
      return tell(REFUSALS, megabytes);
    }
    case "bodyTooLarge": {
      const megabytes: typeof refusal = { ...refusal, limit: Math.floor(refusal.limit / 10_000) / 100 };
      return tell(REFUSALS, megabytes);
    }
    default:
      return tell(REFUSALS, refusal);
  }
}

/** Why a message waits or was not sent; where LINE had trouble, with what it answered. */
export function whyOf(cause: Cause, httpStatus: number | null, t: Translate): string {
  if (cause !== "line_unavailable") return t(CAUSES[cause].label);
  return httpStatus === null
    ? t("LINE could not be reached")
    : t("LINE had trouble ({status})", { status: httpStatus });
}

/** Who did something: the name of a token or session, or in words whoever acts without one. */
export function whoIn(who: string, t: Translate): string {
  return Object.hasOwn(ACTORS, who) ? t(ACTORS[who as Actor]) : who;
}

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
