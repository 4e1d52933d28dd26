// A care plan from a file. What is wrong with its form is said with step, line and member; else it
// opens in the editor, where nothing is saved yet.

import { Alert, FileInput, Stack, Text } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Tell, Translate } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { wrongWith } from "../../wrong";
import type { WrongInFile } from "./fileChecks";
import { lineOf } from "./jsonLines";
import { MAX_FILE_BYTES, type Read, readPlanFile } from "./planFile";

type Refused = Extract<Read, { trouble: string }>;
/** How much of what is wrong is listed; the rest is counted. */
const LISTED = 20;

export function ImportPlan() {
  const { t } = useWords();
  const navigate = useNavigate();
  const [refused, setRefused] = useState<Refused | null>(null);
  const choose = async (file: File | null) => {
    setRefused(null);
    if (!file) return;
    const read = await readPlanFile(file);
    if ("plan" in read) navigate({ to: "/plans/new", state: { plan: read.plan } });
    else setRefused(read);
  };
  return (
    <Stack gap="sm">
      <FileInput
        label={t("File of a care plan")}
        description={t(
          "JSON, as Export writes it. It opens in the editor; nothing is saved before you say so.",
        )}
        placeholder={t("Choose a file")}
        accept=".json,application/json"
        leftSection={<IconUpload size={18} aria-hidden />}
        onChange={choose}
        maw={420}
      />
      {refused && (
        <Alert color="red" title={t("Nothing was imported")}>
          <Why refused={refused} />
        </Alert>
      )}
    </Stack>
  );
}

function Why({ refused }: { refused: Refused }) {
  const { t, tell } = useWords();
  switch (refused.trouble) {
    case "tooLarge":
      return t("The file is too large: it may have {n} MB at most.", { n: MAX_FILE_BYTES / 1024 / 1024 });
    case "noPlan":
      return t("This is no file of a care plan.");
    case "newer":
      return t("This file is from a newer Clinicue. Update this one first.");
    case "noJson":
      return t("The file is damaged: line {n} cannot be read.", { n: refused.line });
    case "wrong":
      return <AllWrong {...refused} t={t} tell={tell} />;
  }
}

function AllWrong({
  errors,
  text,
  t,
  tell,
}: {
  errors: WrongInFile[];
  text: string;
  t: Translate;
  tell: Tell;
}) {
  const more = errors.length - LISTED;
  return (
    <>
      <ul className="wrong">
        {errors.slice(0, LISTED).map((wrong) => (
          <li key={`${wrong.field} ${wrong.code}`}>
            {t("{place}: {words}", { place: placeOf(wrong.field, text, t), words: wordsOf(wrong, t, tell) })}
          </li>
        ))}
      </ul>
      {more > 0 && <Text size="sm">{t("{n, plural, one {# more} other {# more}}", { n: more })}</Text>}
    </>
  );
}

const wordsOf = ({ code, ...more }: WrongInFile, t: Translate, tell: Tell): string =>
  code === "unknown"
    ? t("has no place in the file of a care plan")
    : wrongWith({ code, message: code, ...more }, t, tell);

/** "Step 2, line 41, trigger.value". */
function placeOf(path: string, text: string, t: Translate): string {
  const [, n, member] = /^steps\[(\d+)\]\.?(.*)$/.exec(path) ?? [];
  const part = t("line {n}, {inside}", { n: lineOf(text, path), inside: member || path });
  return n === undefined ? part : t("{place}, {part}", { place: t("Step {n}", { n: Number(n) + 1 }), part });
}
