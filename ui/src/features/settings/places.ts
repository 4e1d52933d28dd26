// Where a setting stands in the forms, and what is written at it.

import type { Place } from "../../components/wrong";
import { type Label, LOCALES, type Translate } from "../../i18n";
import { namesOf } from "../../labels";

const PLACES: Partial<Record<string, { field: string; label: Label }>> = {
  clinicName: { field: "clinicName", label: "Name of the clinic" },
  clinicPhone: { field: "clinicPhone", label: "Telephone" },
  publicUrl: { field: "publicUrl", label: "Public address" },
  timeZone: { field: "timeZone", label: "Time zone" },
  quietHours: { field: "end", label: "Quiet hours, in the patient's local time" },
  "quietHours.start": { field: "start", label: "From" },
  "quietHours.end": { field: "end", label: "Until" },
  patientPaceSeconds: { field: "pace", label: "Least seconds between two messages to one patient" },
  mediaRetentionDays: {
    field: "mediaRetentionDays",
    label: "Days for which pictures, videos, sounds and files of patients are kept",
  },
  lineChannelId: { field: "channelId", label: "Channel ID" },
  lineChannelAccessToken: { field: "token", label: "Channel access token" },
  lineChannelSecret: { field: "secret", label: "Channel secret" },
};

/** A setting by the API's path to it. */
export function placeOf(path: string, t: Translate): Place {
  const [, part, tag] = /^(alarmWords|emergencyText)\.([\w-]+)/.exec(path) ?? [];
  const language = namesOf(LOCALES).find((one) => one === tag);
  if (language && part === "alarmWords")
    return { field: `alarm.${language}`, place: t("Words: {language}", { language: LOCALES[language] }) };
  if (language)
    return {
      field: `emergency.${language}`,
      place: t("In an emergency: {language}", { language: LOCALES[language] }),
    };
  const known = PLACES[path];
  return known ? { field: known.field, place: t(known.label) } : { field: path, place: path };
}
