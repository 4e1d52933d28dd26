// In place of a screen that could not be read, or in which something is wrong.

import { Button, Group, Text } from "@mantine/core";
import { type ErrorComponentProps, useMatches } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Page } from "../components/kit";
import { CannotRead, NotRead } from "../components/onDemand";
import { useWords } from "../i18n/useWords";

// The router has this among its parts: what it shows is not worked out from the router's own type.
export function ScreenFailed({ error, reset }: ErrorComponentProps): ReactNode {
  const { t } = useWords();
  const shown = useMatches().at(-1)?.staticData.screen;
  return (
    <Page title={shown ? t(shown.label) : "Clinicue"}>
      {error instanceof NotRead ? (
        <CannotRead words={t("This screen could not be loaded.")} error={error} reset={reset} />
      ) : (
        <>
          <Text role="status">{t("Something is wrong on this screen.")}</Text>
          <Group>
            <Button variant="default" onClick={reset}>
              {t("Try again")}
            </Button>
          </Group>
        </>
      )}
    </Page>
  );
}
