// A part of a screen that is read when it is needed. What cannot be read says so in its place, and
// is asked for again by a button: never a blank place, nor a wait without an end.

import { Button, Group, Stack, Text } from "@mantine/core";
import { CatchBoundary } from "@tanstack/react-router";
import { type ComponentType, type ReactNode, Suspense, use } from "react";
import { useWords } from "../i18n/useWords";

/** A part that could not be read; `again` lets it be read anew, `tried` is how often that was done. */
export class NotRead extends Error {
  constructor(
    readonly again: () => void,
    readonly tried: number,
    options: ErrorOptions,
  ) {
    super("a part of the page could not be read", options);
  }
}

type OnDemand<P> = ((props: P) => ReactNode) & { preload: () => Promise<void> };

let partsBeingRead = 0;

/** Lets the style sheet show that a part is being read, so that a press on a slow link does not seem lost. */
function noteReading(by: 1 | -1) {
  partsBeingRead += by;
  document.documentElement.toggleAttribute("data-reading", partsBeingRead > 0);
}

/** A component whose file is read with its first use. */
export function onDemand<P extends object>(read: () => Promise<ComponentType<P>>): OnDemand<P> {
  let asked: Promise<ComponentType<P>> | undefined;
  let tried = 0;
  const forget = () => {
    asked = undefined;
  };
  const again = () => {
    tried += 1;
    forget();
  };
  const ask = () => {
    if (!asked) {
      noteReading(1);
      const found = read().catch((cause: unknown) => {
        throw new NotRead(again, tried, { cause });
      });
      // `use` takes a promise that says so of itself without waiting: what was read ahead is there
      // at once.
      found
        .then(
          (value) => Object.assign(found, { status: "fulfilled", value }),
          () => undefined,
        )
        .then(() => noteReading(-1));
      asked = found;
    }
    return asked;
  };
  function Part(props: P) {
    const Found = use(ask());
    return <Found {...props} />;
  }
  // A failure to read ahead is not reported: the part is read anew when it is shown, and says so then.
  const preload = () => ask().then(() => undefined, forget);
  return Object.assign(Part, { preload });
}

type Shown = {
  /** What is said where it cannot be read, and shown in its stead. */
  words?: string;
  instead?: ReactNode;
  /** Above the page, for what has no place in it; it may be closed. */
  afloat?: boolean;
  onClose?: () => void;
};

/** The place of a part that is read on demand; `waiting` stands there until it is. */
export function Awaited({
  waiting = null,
  children,
  ...shown
}: Shown & { waiting?: ReactNode; children: ReactNode }) {
  return (
    <CatchBoundary
      getResetKey={() => "part"}
      errorComponent={({ error, reset }) => {
        // What is wrong inside the part is for whoever stands around it.
        if (!(error instanceof NotRead)) throw error;
        return <CannotRead {...shown} error={error} reset={reset} />;
      }}
    >
      <Suspense fallback={waiting}>{children}</Suspense>
    </CatchBoundary>
  );
}

export function CannotRead({
  words,
  instead,
  afloat,
  onClose,
  error,
  reset,
}: Shown & { error: NotRead; reset: () => void }) {
  const { t } = useWords();
  const again = () => {
    error.again();
    reset();
  };
  return (
    <>
      <Stack gap="xs" role="status" className={afloat ? "afloat" : undefined}>
        <Text size="sm">{words ?? t("This part could not be loaded.")}</Text>
        {error.tried > 0 && (
          <Text size="sm">{t("If this stays, load the page anew. What is not saved is lost by that.")}</Text>
        )}
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={again}>
            {t("Try again")}
          </Button>
          {error.tried > 0 && (
            <Button size="xs" variant="default" onClick={() => window.location.reload()}>
              {t("Load the page anew")}
            </Button>
          )}
          {onClose && (
            <Button size="xs" variant="default" onClick={onClose}>
              {t("Close")}
            </Button>
          )}
        </Group>
      </Stack>
      {instead}
    </>
  );
}
