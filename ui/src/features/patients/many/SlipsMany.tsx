// Slips with a code for several patients, printed at once: a sheet for each.

import { Button, Group, List, Stack, Text } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { createPortal } from "react-dom";
import type { PatientSummary } from "../../../bindings";
import { Dialog } from "../../../components/Dialog";
import { useWords } from "../../../i18n/useWords";
import { Sheet } from "../Slip";
import { keptSlip, slipOf } from "../slips";
import { ArchivedAreOut, BackOr, inCare, membersOf, type OfMany } from "./WhoGetsIt";

type Shown = OfMany & { print: (rows: PatientSummary[]) => void };

export function SlipsMany({ chosen, begin, onBack, print }: Shown) {
  const { t } = useWords();
  const client = useQueryClient();
  const cared = inCare(chosen);
  const meant = cared.filter(({ lineUserId }) => lineUserId === null);
  const linked = cared.length - meant.length;
  const make = async () => {
    await begin({
      kind: "slips",
      members: membersOf(meant),
      act: async (id) => {
        const patient = meant.find((one) => one.id === id);
        return patient && slipOf(client, patient);
      },
    });
    print(meant.filter((patient) => keptSlip(client, patient)));
  };
  return (
    <Stack>
      <ArchivedAreOut chosen={chosen} />
      {linked > 0 && (
        <Text size="sm">
          {t("{n, plural, one {# of them is} other {# of them are}} linked already and left out.", {
            n: linked,
          })}
        </Text>
      )}
      <Text size="sm">
        {t(
          "A slip that is still good for a day or more is printed with the same code. The others get a new one, and what was printed before is no longer taken.",
        )}
      </Text>
      <BackOr onBack={onBack}>
        <Button disabled={meant.length === 0} onClick={make} data-autofocus>
          {t("Make {n, plural, one {# slip} other {# slips}}", { n: meant.length })}
        </Button>
      </BackOr>
    </Stack>
  );
}

/** The slips that were made: which, and the way to the printer. */
export function SlipsToPrint({ rows, onClose }: { rows: PatientSummary[]; onClose: () => void }) {
  const { t } = useWords();
  const client = useQueryClient();
  // While it closes it still says what it was about.
  const last = useRef(rows);
  if (rows.length > 0) last.current = rows;
  const slips = last.current.flatMap((patient) => {
    const code = keptSlip(client, patient);
    return code ? [{ id: patient.id, name: patient.displayName, code }] : [];
  });
  return (
    <Dialog
      opened={rows.length > 0}
      onClose={onClose}
      title={t("Slips with a code")}
      closeButtonProps={{ "aria-label": t("Close") }}
    >
      <Stack>
        <Text size="sm">{t("One sheet for each, in the patient's language:")}</Text>
        <List size="sm">
          {slips.map(({ id, name, code }) => (
            <List.Item key={id}>{t("{place}: {words}", { place: name, words: code.code })}</List.Item>
          ))}
        </List>
        <Group justify="flex-end">
          <Button
            leftSection={<IconPrinter size={18} aria-hidden />}
            onClick={() => window.print()}
            data-autofocus
          >
            {t("Print {n, plural, one {# sheet} other {# sheets}}", { n: slips.length })}
          </Button>
        </Group>
      </Stack>
      {/* A dialog stands still on the page and cannot be printed over several sheets. */}
      {createPortal(
        <div className="sheets">
          {slips.map(({ id, name, code }) => (
            <Sheet key={id} code={code} name={name} />
          ))}
        </div>,
        document.body,
      )}
    </Dialog>
  );
}
