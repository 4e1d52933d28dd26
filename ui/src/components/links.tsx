// Buttons and anchors that lead to another screen, with what stands in its address.

import { Anchor, type AnchorProps, Button, type ButtonProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, Ref } from "react";

type OfAnchor<P> = P &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof P> & { ref?: Ref<HTMLAnchorElement> };

export const LinkButton = createLink((props: OfAnchor<ButtonProps>) => <Button component="a" {...props} />);

export const LinkAnchor = createLink((props: OfAnchor<AnchorProps>) => <Anchor component="a" {...props} />);
