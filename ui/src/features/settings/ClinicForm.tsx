// What the clinic decides, in one form: the clinic itself, its quiet hours, how patients are
// written to, and the words that alarm.

import { Button, Stack, Switch, TextInput } from "@mantine/core";
import { type UseFormReturnType, useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { commands, LIMITS, type UpdateSettings, type Settings as Values } from "../../bindings";
import { focusField } from "../../components/focusField";
import { Problem, Section } from "../../components/kit";
import { NumberField } from "../../components/NumberField";
import { SaveBar } from "../../components/SaveBar";
import { SearchChoice } from "../../components/SearchChoice";
import { useRefusal } from "../../components/wrong";
import type { Translate } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { rangeOf } from "../../lib/limits";
import { useAct } from "../../lib/live";
import { inWindow } from "../../lib/transport";
import { zonesWith } from "../../lib/zones";
import { AlarmFields, alarmDraftOf, alarmOf, isOfAlarm, useAlarmPart } from "./Alarm";
import { placeOf } from "./places";
import { QuietHoursFields } from "./QuietHours";
import { quietDraftOf, quietHoursOf, wrongHours } from "./quiet";
import { useUnsaved } from "./unsaved";

const formOf = (values: Values) => ({
  clinicName: values.clinicName,
  clinicPhone: values.clinicPhone ?? "",
  publicUrl: values.publicUrl ?? "",
  timeZone: values.timeZone,
  ...quietDraftOf(values.quietHours),
  pace: values.patientPaceSeconds ?? ("" as number | ""),
  consentRequired: values.consentRequired,
  notifyUrgent: values.notifyUrgent,
  markAsRead: values.markAsRead,
  mediaRetentionDays: values.mediaRetentionDays,
  ...alarmDraftOf(values),
});

type ClinicDraft = ReturnType<typeof formOf>;
type Form = UseFormReturnType<ClinicDraft>;

/** All that the clinic decides: what the form leaves out does not compile. */
type Decisions = {
  [K in keyof UpdateSettings as K extends `line${string}` ? never : K]-?: UpdateSettings[K];
};

const decisionsOf = (v: ClinicDraft, version: number): Decisions => ({
  version,
  clinicName: v.clinicName,
  clinicPhone: v.clinicPhone.trim() || null,
  publicUrl: v.publicUrl.trim() || null,
  timeZone: v.timeZone,
  quietHours: quietHoursOf(v),
  patientPaceSeconds: v.pace === "" ? null : v.pace,
  consentRequired: v.consentRequired,
  notifyUrgent: v.notifyUrgent,
  markAsRead: v.markAsRead,
  mediaRetentionDays: v.mediaRetentionDays,
  ...alarmOf(v),
});

/** What can be said before the core is asked. */
function wrongBeforehand(v: ClinicDraft, t: Translate): Record<string, string> {
  return {
    ...(v.clinicName.trim() === "" && { clinicName: t("Write a name.") }),
    ...wrongHours(v, t),
  };
}

export function ClinicForm({ values }: { values: Values }) {
  const { t } = useWords();
  // Which settings the form was filled from: who saves over a later change is told.
  const [version, setVersion] = useState(values.version);
  const form = useForm({ initialValues: formOf(values), validate: (v) => wrongBeforehand(v, t) });
  const fill = (saved: Values) => {
    form.setInitialValues(formOf(saved));
    form.setValues(formOf(saved));
    setVersion(saved.version);
  };
  const save = useAct(commands.updateSettings, (saved) => {
    fill(saved);
    notifications.show({ color: "teal", message: t("Saved.") });
  });
  const isDirty = form.isDirty();
  useUnsaved(isDirty);
  const lookAgain = () => {
    fill(values);
    form.clearErrors();
    save.reset();
  };
  const { wrong, onError } = useRefusal(form, placeOf);
  const alarm = useAlarmPart();
  const goTo = (field: string) => (isOfAlarm(field) ? alarm.goTo(field) : focusField(field));
  const submit = form.onSubmit(
    (v) => save.mutate(decisionsOf(v, version), { onError }),
    (errors) => goTo(Object.keys(errors)[0] ?? ""),
  );
  const inConflict = save.error?.problem.code === "conflict";
  return (
    <form onSubmit={submit} className="settings-form" data-dirty={isDirty || undefined}>
      <Stack gap="lg">
        <About form={form} />
        <Quiet form={form} />
        <Manners form={form} />
        <Section id="alarm" title={t("Urgent words")}>
          <AlarmFields input={form.getInputProps} {...alarm.shown} />
        </Section>
        <Problem error={save.error} wrong={wrong} onGo={goTo} />
        <SaveBar
          state={isDirty ? "changed" : "saved"}
          wrong={Object.keys(form.errors)}
          onGo={goTo}
          save={t("Save")}
          isSaving={save.isPending}
        >
          {(isDirty || inConflict) && (
            <Button variant="default" onClick={lookAgain}>
              {inConflict ? t("Show what is saved") : t("Discard the changes")}
            </Button>
          )}
        </SaveBar>
      </Stack>
    </form>
  );
}

function About({ form }: { form: Form }) {
  const { t } = useWords();
  return (
    <Section id="clinic" title={t("Clinic")}>
      <TextInput label={t("Name of the clinic")} {...form.getInputProps("clinicName")} />
      <TextInput
        type="tel"
        label={t("Telephone")}
        description={t("The number patients call; messages may name it.")}
        {...form.getInputProps("clinicPhone")}
      />
      <TextInput
        type="url"
        label={t("Public address")}
        description={t(
          "Where LINE reaches this program: the webhook's address without /webhook/line. Pictures and videos you upload are served below it.",
        )}
        placeholder="https://"
        {...form.getInputProps("publicUrl")}
      />
      <SearchChoice
        label={t("Time zone")}
        data={zonesWith(form.values.timeZone)}
        limit={60}
        allowDeselect={false}
        {...form.getInputProps("timeZone")}
      />
    </Section>
  );
}

function Quiet({ form }: { form: Form }) {
  const { t } = useWords();
  return (
    <Section id="quiet-hours" title={t("Quiet hours")}>
      <QuietHoursFields
        values={form.values}
        timeZone={form.values.timeZone}
        input={form.getInputProps}
        set={form.setFieldValue}
      />
    </Section>
  );
}

function Manners({ form }: { form: Form }) {
  const { t } = useWords();
  return (
    <Section id="patients" title={t("Messages and patients")}>
      <NumberField
        label={t("Least seconds between two messages to one patient")}
        placeholder={t("No limit")}
        {...rangeOf(LIMITS.UpdateSettings.patientPaceSeconds)}
        w={320}
        maw="100%"
        {...form.getInputProps("pace")}
      />
      <Switch
        label={t("Only patients who agreed get messages")}
        {...form.getInputProps("consentRequired", { type: "checkbox" })}
      />
      <Switch
        label={t("Notify on the desktop when a patient urgently needs a person")}
        description={t("Without the patient's name, since anybody may see the screen.")}
        {...form.getInputProps("notifyUrgent", { type: "checkbox" })}
        onClick={askBrowser}
      />
      <Switch
        label={t("Mark what patients wrote as read at LINE when staff take or settle it")}
        description={t("Patients then see in their chat that somebody has read it.")}
        {...form.getInputProps("markAsRead", { type: "checkbox" })}
      />
      <NumberField
        label={t("Days for which pictures, videos, sounds and files of patients are kept")}
        description={t("Then they are deleted; the words stay.")}
        {...rangeOf(LIMITS.UpdateSettings.mediaRetentionDays)}
        w={320}
        maw="100%"
        {...form.getInputProps("mediaRetentionDays")}
      />
    </Section>
  );
}

/** A browser shows notifications only after it was asked by a click. */
function askBrowser() {
  if (!inWindow && "Notification" in globalThis && Notification.permission === "default") {
    Notification.requestPermission();
  }
}
