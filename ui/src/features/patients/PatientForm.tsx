// Who a patient is: the form that adds one, and the one that changes what is known.

import {
  Button,
  Checkbox,
  Group,
  NativeSelect,
  Select,
  Stack,
  TagsInput,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { commands, LIMITS, type Patient, type UpdatePatient } from "../../bindings";
import { focusField } from "../../components/focusField";
import { Problem } from "../../components/kit";
import { useRefusal } from "../../components/wrong";
import { type Label, LOCALES, nameOfLocale, type Translate } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { useAct } from "../../lib/live";
import { zonesWith } from "../../lib/zones";
import { BirthDate } from "./BirthDate";

type Draft = {
  displayName: string;
  nickname: string;
  reading: string;
  phone: string;
  birthDate: string;
  externalRef: string;
  lineUserId: string;
  timeZone: string | null;
  locale: string;
  note: string;
  tags: string[];
  consented: boolean;
  archived: boolean;
};

const draftOf = (patient?: Patient): Draft => ({
  displayName: patient?.displayName ?? "",
  nickname: patient?.nickname ?? "",
  reading: patient?.reading ?? "",
  phone: patient?.phone ?? "",
  birthDate: patient?.birthDate ?? "",
  externalRef: patient?.externalRef ?? "",
  lineUserId: patient?.lineUserId ?? "",
  timeZone: patient?.timeZone ?? null,
  locale: patient?.locale ?? "",
  note: patient?.note ?? "",
  tags: patient?.tags ?? [],
  consented: patient?.consentedAt != null,
  archived: patient?.status === "archived",
});

/** What is known of a patient, as the core takes it. */
const knownOf = (draft: Draft) => ({
  displayName: draft.displayName.trim(),
  nickname: draft.nickname.trim() || null,
  reading: draft.reading.trim() || null,
  phone: draft.phone.trim() || null,
  birthDate: draft.birthDate || null,
  externalRef: draft.externalRef.trim() || null,
  lineUserId: draft.lineUserId.trim() || null,
  timeZone: draft.timeZone,
  locale: draft.locale || null,
  note: draft.note.trim(),
  tags: draft.tags,
});

/** Only what was changed: what another changes meanwhile stays. */
function changesOf(patient: Patient, draft: Draft): Partial<UpdatePatient> {
  const now = {
    ...knownOf(draft),
    consented: draft.consented,
    status: draft.archived ? ("archived" as const) : ("active" as const),
  };
  const was: typeof now = {
    ...knownOf(draftOf(patient)),
    consented: patient.consentedAt !== null,
    status: patient.status,
  };
  const isSame = (name: string) =>
    JSON.stringify(Reflect.get(now, name)) === JSON.stringify(Reflect.get(was, name));
  return Object.fromEntries(Object.entries(now).filter(([name]) => !isSame(name)));
}

const LABELS: Partial<Record<string, Label>> = {
  displayName: "Name",
  nickname: "What they are called",
  reading: "How the name is read",
  phone: "Phone",
  birthDate: "Birth date",
  externalRef: "Number",
  lineUserId: "LINE user id",
  timeZone: "Time zone",
  locale: "Language",
  note: "Note",
  tags: "Labels",
  consented: "Agreed to get messages",
  status: "Archived: gets no messages",
};

/** A field by the API's name of it, and what stands at it. */
function placeOf(path: string, t: Translate) {
  const name = path.replace(/\W.*$/, "");
  const label = LABELS[name];
  return { field: name === "status" ? "archived" : name, place: label ? t(label) : path };
}

type Save = { patient?: Patient; save: (draft: Draft) => Promise<Patient>; onDone: (saved: Patient) => void };

/** The fields, and what is wrong with them once the core refused. */
function usePatientForm({ patient, save, onDone }: Save) {
  const { t } = useWords();
  const form = useForm<Draft>({
    initialValues: draftOf(patient),
    validate: { displayName: (name) => (name.trim() ? null : t("Write a name.")) },
  });
  const act = useAct(save, onDone);
  const { wrong, onError } = useRefusal(form, placeOf);
  const submit = form.onSubmit(
    (draft) => act.mutate(draft, { onError }),
    (errors) => focusField(Object.keys(errors)[0] ?? ""),
  );
  return { form, act, wrong, submit };
}

export function AddPatient({ onAdded }: { onAdded: (id: string) => void }) {
  const { t } = useWords();
  const { form, act, wrong, submit } = usePatientForm({
    save: (draft) => commands.createPatient(knownOf(draft)),
    onDone: ({ id }) => onAdded(id),
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <PatientFields form={form} />
        <Problem error={act.error} wrong={wrong} onGo={focusField} />
        <Button type="submit" loading={act.isPending}>
          {t("Add patient")}
        </Button>
      </Stack>
    </form>
  );
}

export function ChangePatient({ patient, onDone }: { patient: Patient; onDone: () => void }) {
  const { t } = useWords();
  // What the form was filled from: who saves over a later change is told.
  const [seen] = useState(patient);
  const save = async (draft: Draft) =>
    commands.updatePatient({ id: seen.id, unchangedSince: seen.updatedAt, ...changesOf(seen, draft) });
  const { form, act, wrong, submit } = usePatientForm({
    patient: seen,
    save,
    onDone: () => {
      notifications.show({ color: "teal", message: t("Saved.") });
      onDone();
    },
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <PatientFields form={form} />
        <Checkbox
          label={t("Agreed to get messages")}
          {...form.getInputProps("consented", { type: "checkbox" })}
        />
        <Checkbox
          label={t("Archived: gets no messages")}
          {...form.getInputProps("archived", { type: "checkbox" })}
        />
        <Problem error={act.error} wrong={wrong} onGo={focusField} />
        <Group>
          <Button type="submit" loading={act.isPending}>
            {t("Save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Names, telephone and day of birth: what staff ask whoever stands before them. */
function Called({ form }: { form: ReturnType<typeof usePatientForm>["form"] }) {
  const { t } = useWords();
  const input = form.getInputProps;
  return (
    <>
      <TextInput label={t("Name")} withAsterisk data-autofocus {...input("displayName")} />
      <TextInput
        label={t("What they are called")}
        description={t("For messages that address them; their name where it is left out.")}
        {...input("nickname")}
      />
      <TextInput
        label={t("How the name is read")}
        description={t("Kana or Latin letters; the search knows it.")}
        {...input("reading")}
      />
      <TextInput label={t("Phone")} type="tel" {...input("phone")} />
      <BirthDate {...input("birthDate")} />
    </>
  );
}

function PatientFields({ form }: { form: ReturnType<typeof usePatientForm>["form"] }) {
  const { t } = useWords();
  const { locale } = form.values;
  const languages = new Set(["", ...Object.keys(LOCALES), locale]);
  const input = form.getInputProps;
  return (
    <>
      <Called form={form} />
      <TextInput
        label={t("Number")}
        description={t("Your own number for them, such as HN.")}
        {...input("externalRef")}
      />
      <TextInput
        label={t("LINE user id")}
        description={t("U and 32 characters. You can link them later.")}
        {...input("lineUserId")}
      />
      <NativeSelect
        label={t("Language")}
        data={[...languages].map((value) => ({
          value,
          label: value === "" ? t("Not known") : nameOfLocale(value),
        }))}
        {...input("locale")}
      />
      <Select
        label={t("Time zone")}
        placeholder={t("The clinic's")}
        searchable
        clearable
        clearButtonProps={{ "aria-label": t("Clear") }}
        data={zonesWith(form.values.timeZone)}
        limit={60}
        {...input("timeZone")}
      />
      <Textarea
        label={t("Note")}
        autosize
        minRows={2}
        maxLength={LIMITS.UpdatePatient.note.maxLength}
        {...input("note")}
      />
      <TagsInput
        label={t("Labels")}
        description={t("Enter ends each.")}
        maxTags={LIMITS.UpdatePatient.tags.maxItems}
        {...input("tags")}
      />
    </>
  );
}
