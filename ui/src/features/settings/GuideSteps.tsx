// The steps to a channel, each with a sketch of where to look; they are read when the guide is opened.

import { Anchor, Group, Stack, Text } from "@mantine/core";
import { IconCircle, IconCircleCheck, IconHelpCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Label } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { Channel, Console, Secrets, TestCall, Webhook } from "./GuidePictures";
import type { Known } from "./guideSteps";

const KNOWN: Record<Known, { label: Label; Icon: typeof IconCircle; color?: string }> = {
  done: { label: "Done", Icon: IconCircleCheck, color: "var(--mantine-color-teal-7)" },
  open: { label: "Still to do", Icon: IconCircle },
  unknown: { label: "Not looked at yet", Icon: IconHelpCircle },
};

type Step = { title: Label; words: Label; Picture: () => ReactNode; to?: string };

const CONSOLE = "https://developers.line.biz/console/";

const STEPS: Step[] = [
  {
    title: "Open the LINE Developers console",
    words: "Sign in with the clinic's LINE account and choose its provider, or make one.",
    Picture: Console,
    to: CONSOLE,
  },
  {
    title: "Make a Messaging API channel",
    words: "It belongs to the clinic's official account. The channel ID stands under Basic settings.",
    Picture: Channel,
  },
  {
    title: "Copy the token and the secret",
    words:
      "The secret stands under Basic settings, the access token at the bottom of Messaging API. Enter both below and save.",
    Picture: Secrets,
  },
  {
    title: "Set the webhook",
    words: "Copy the webhook address from below into Messaging API, and switch on “Use webhook”.",
    Picture: Webhook,
  },
  {
    title: "Test",
    words: "Check the whole set-up below. Then send a test message to somebody of the staff.",
    Picture: TestCall,
  },
];

export function GuideSteps({ known, practice }: { known: Known[]; practice: boolean }) {
  const { t } = useWords();
  return (
    <Stack>
      {practice && (
        <Text size="sm">
          {t(
            "In practice mode nothing here can be looked at: the check asks the practice LINE. Start Clinicue without --sandbox to connect for real.",
          )}
        </Text>
      )}
      <ol className="guide">
        {STEPS.map((step, n) => (
          <StepRow key={step.title} step={step} n={n + 1} known={known[n] ?? "unknown"} />
        ))}
      </ol>
    </Stack>
  );
}

function StepRow({ step, n, known }: { step: Step; n: number; known: Known }) {
  const { t } = useWords();
  const { label, Icon, color } = KNOWN[known];
  const { Picture } = step;
  return (
    <li>
      <Picture />
      <Stack gap={4}>
        <Text fw={600}>
          {n}. {t(step.title)}
        </Text>
        <Text size="sm">{t(step.words)}</Text>
        {step.to && (
          <Anchor href={step.to} target="_blank" rel="noreferrer" size="sm" className="address back">
            {step.to}
          </Anchor>
        )}
        <Group gap={6} wrap="nowrap">
          <Icon size={18} color={color} aria-hidden />
          <Text size="sm">{t(label)}</Text>
        </Group>
      </Stack>
    </li>
  );
}
