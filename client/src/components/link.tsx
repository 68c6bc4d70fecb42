/** Links in the looks of Mantine, with addresses that the compiler checks. */
import {
  Anchor,
  type AnchorProps,
  Button,
  type ButtonProps,
  NavLink,
  type NavLinkProps,
} from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { Ref } from "react";

type AnchorLinkProps = Omit<AnchorProps, "href"> & { ref?: Ref<HTMLAnchorElement> };

export const TextLink = createLink((props: AnchorLinkProps) => (
  <Anchor size="sm" underline="always" {...props} />
));

type ButtonLinkProps = Omit<ButtonProps, "href"> & { ref?: Ref<HTMLAnchorElement> };

export const ButtonLink = createLink((props: ButtonLinkProps) => (
  <Button component="a" {...props} />
));

type RowLinkProps = Omit<NavLinkProps, "href"> & { ref?: Ref<HTMLAnchorElement> };

/** A whole row that leads somewhere. */
export const RowLink = createLink((props: RowLinkProps) => <NavLink component="a" {...props} />);
