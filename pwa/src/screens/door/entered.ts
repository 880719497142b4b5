import type { Role, Session } from "../../identity/index.ts";

const HOMES: Readonly<Record<Role, string>> = {
  applicant: "/ho-so",
  clerk: "/nhan-vien",
  officer: "/can-bo",
  admin: "/",
};

/** The page on which a role begins its work. */
export const homeOf = ({ role }: Session): string => HOMES[role];

let demo = false;

/** This page load began with a trial link: the tablet may then keep its five words in memory. */
export const inDemo = (): boolean => demo;
export const enteredByDemo = (): void => {
  demo = true;
};
