import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { MantineProvider } from "@mantine/core";
import { useNotifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useState } from "react";
import { useQuestions } from "../components/confirm";
import { Awaited, onDemand } from "../components/onDemand";
import { useWords } from "../i18n/useWords";
import { queryClient } from "../lib/live";
import type { Router } from "./router";
import { theme } from "./theme";

/** Transitions would only make tests wait. */
const env = import.meta.env.MODE === "test" ? "test" : "default";

const Notices = onDemand(async () => (await import("./Notices")).Notices);
const Questions = onDemand(async () => (await import("./Questions")).Questions);

export function App({ router }: { router: Router }) {
  return (
    <I18nProvider i18n={i18n}>
      <MantineProvider theme={theme} defaultColorScheme="auto" env={env}>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
          <AboveAll />
        </QueryClientProvider>
      </MantineProvider>
    </I18nProvider>
  );
}

/** Notices and questions, read with the first of each. */
function AboveAll() {
  const { t } = useWords();
  const notices = useOnce(useNotifications().notifications.length > 0);
  const questions = useOnce(useQuestions().length > 0);
  return (
    <>
      {notices && (
        <Awaited words={t("A notice could not be shown.")} afloat>
          <Notices />
        </Awaited>
      )}
      {questions && (
        <Awaited words={t("A question could not be shown.")} afloat>
          <Questions />
        </Awaited>
      )}
    </>
  );
}

/** Whether it has ever been so. */
function useOnce(is: boolean): boolean {
  const [was, setWas] = useState(is);
  if (is && !was) setWas(true);
  return was || is;
}
