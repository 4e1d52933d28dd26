// Patients: whether they can be reached, and what they sent.

import type {
  ImportEncoding,
  ImportField,
  MediaReason,
  PatientGroup,
  PatientSort,
  Reachability,
} from "../bindings";
import type { Label } from "../i18n";
import type { Shown } from "./tables";

export const REACHABILITIES: Record<Reachability, Shown> = {
  unknown: { label: "Linked", color: "blue" },
  reachable: { label: "Linked", color: "teal" },
  blocked: { label: "Blocked the clinic", color: "red" },
  unlinked: { label: "LINE does not know them", color: "red" },
};

/** What is known of the way to them, in a sentence: two of the names above are the same. */
export const WAYS_TO_LINE: Record<Reachability, Label> = {
  unknown: "Linked, but nothing was heard from this LINE account yet",
  reachable: "Linked; a sign of life came from this LINE account",
  blocked: "The patient blocked the clinic's LINE account: call them",
  unlinked: "LINE does not know this account: link the patient again",
};

export const NOT_LINKED: Shown = { label: "Not linked", color: "gray" };

/** Why a picture, video, sound or file is not here. */
export const MEDIA_REASONS: Record<MediaReason, Label> = {
  preparing: "LINE is still preparing it",
  line_unavailable: "LINE does not give it yet; it is tried again",
  no_room: "There is no room on the disk; it is tried again",
  not_writable: "The data folder cannot be written to; it is tried again",
  too_large: "Not kept: it is too large",
  taken_back: "The patient took it back",
  kept_long_enough: "Deleted: it was kept as long as the clinic keeps such things",
  erased: "Deleted",
  not_found: "LINE does not have it any more",
  not_prepared: "LINE could not prepare it",
  empty: "LINE gave an empty file",
  given_up: "It could not be fetched for a week and was given up",
};

/** What a patient sent beside words, by LINE's names of it. */
export const SENT_BY_PATIENT: Partial<Record<string, Label>> = {
  image: "sent a picture",
  video: "sent a video",
  audio: "sent a sound",
  file: "sent a file",
  location: "sent a place",
  sticker: "sent a sticker",
};

/** What a patient sends beside words; the chat shows what it is. */
export const SENT_KINDS: Partial<Record<string, Label>> = {
  location: "Place",
  sticker: "Sticker",
  audio: "Sound",
  file: "File",
};

/** Which patients are looked for. */
export const PATIENT_GROUPS: Record<PatientGroup, Label> = {
  linked: "Linked",
  not_linked: "Not linked",
  blocked: "Blocked",
  followed: "With a follow-up",
  unanswered: "Waiting for an answer",
  archived: "Archived",
};

/** In which order patients are listed. */
export const PATIENT_SORTS: Record<PatientSort, Label> = {
  newest: "Newest first",
  name: "By name",
  answered: "Last answer first",
};

/** What a column of a table of patients may be. */
export const IMPORT_FIELDS: Record<ImportField, Label> = {
  displayName: "Name",
  nickname: "What they are called",
  reading: "How the name is read",
  phone: "Phone",
  birthDate: "Birth date",
  externalRef: "Number",
  lineUserId: "LINE user id",
  locale: "Language",
  timeZone: "Time zone",
  note: "Note",
  tags: "Labels",
};

/** How the text of a file is written. */
export const IMPORT_ENCODINGS: Record<ImportEncoding, Label> = {
  "utf-8": "UTF-8",
  "utf-16le": "UTF-16",
  "utf-16be": "UTF-16 (big-endian)",
  "windows-874": "Thai (TIS-620)",
  shift_jis: "Japanese (Shift-JIS)",
  big5: "Traditional Chinese (Big5)",
};
