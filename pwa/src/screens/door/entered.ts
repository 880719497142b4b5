import type { Role, Session } from "../../identity/index.ts";

const HOMES: Readonly<Record<Role, string>> = {
  applicant: "/ho-so",
  clerk: "/nhan-vien",
  officer: "/can-bo",
  admin: "/quan-tri",
};
const DEMO = "doibang.demo";

/** The page on which a role begins its work. */
export const homeOf = ({ role }: Session): string => HOMES[role];

/** This tab was opened by a trial link: the tablet may then keep its five words in memory. */
export const inDemo = (): boolean => sessionStorage.getItem(DEMO) !== null;
export const enteredByDemo = (): void => sessionStorage.setItem(DEMO, "1");
