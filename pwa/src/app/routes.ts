import { TAKE } from "./claim-link.ts";
import type { Route } from "./router.ts";

/** Every address of the app. Screens load when first visited; home comes with the shell. */
export const routes: readonly Route[] = [
  { path: "/", tag: "db-home" },
  { path: "/ho-so", tag: "db-dossiers", load: () => import("../screens/applicant/dossiers.ts") },
  {
    path: "/ho-so/:dossier",
    tag: "db-dossier",
    load: () => import("../screens/applicant/dossier.ts"),
    vault: true,
  },
  {
    path: "/mo-khoa",
    tag: "db-dossiers",
    load: () => import("../screens/applicant/dossiers.ts"),
    vault: true,
  },
  {
    path: "/to-khai/moi",
    tag: "db-start",
    load: () => import("../screens/applicant/start.ts"),
    vault: true,
  },
  {
    path: "/to-khai/:dossier/:step",
    tag: "db-step",
    load: () => import("../screens/applicant/step.ts"),
    vault: true,
  },
  {
    path: TAKE,
    tag: "db-take",
    load: () => import("../screens/handover/take.ts"),
    vault: true,
  },
  {
    path: "/ho-so/:dossier/nho-giup",
    tag: "db-lend",
    load: () => import("../screens/handover/lend.ts"),
    vault: true,
  },
  {
    path: "/nhan-vien/giao-lai/:dossier",
    tag: "db-give",
    load: () => import("../screens/handover/give.ts"),
    vault: true,
  },
  { path: "/tro-giup", tag: "db-help", load: () => import("../screens/applicant/help.ts") },
  { path: "/theo-doi", tag: "db-follow", load: () => import("../screens/applicant/follow.ts") },
  {
    path: "/thiet-bi",
    tag: "db-my-devices",
    load: () => import("../screens/devices/my-devices.ts"),
  },
  {
    path: "/thiet-bi/tai-khoan",
    tag: "db-enter",
    load: () => import("../screens/devices/enter.ts"),
  },
  {
    path: "/thiet-bi/dinh-danh",
    tag: "db-identity",
    load: () => import("../screens/identity/identity.ts"),
  },
  { path: "/demo", tag: "db-demo", load: () => import("../screens/door/demo.ts") },
  { path: "/moi", tag: "db-invitation", load: () => import("../screens/door/invitation.ts") },
  { path: "/nhan-vien", tag: "db-clerk", load: () => import("../screens/clerk/clerk.ts") },
  {
    path: "/nhan-vien/xac-nhan/:dossier",
    tag: "db-confirm",
    load: () => import("../screens/clerk/confirm.ts"),
    vault: true,
  },
  {
    path: "/nhan-vien/da-gui/:sent",
    tag: "db-sent",
    load: () => import("../screens/clerk/sent.ts"),
    vault: true,
  },
  {
    path: "/nhan-vien/do-dang",
    tag: "db-unfinished",
    load: () => import("../screens/clerk/unfinished.ts"),
    vault: true,
  },
  {
    path: "/nhan-vien/cap-lai",
    tag: "db-reissue",
    load: () => import("../screens/clerk/reissue.ts"),
    vault: true,
  },
  { path: "/nhan-vien/the", tag: "db-cards", load: () => import("../screens/queue/cards.ts") },
  { path: "/so-thu-tu", tag: "db-counter", load: () => import("../screens/queue/counter.ts") },
  {
    path: "/so-thu-tu/:point",
    tag: "db-counter",
    load: () => import("../screens/queue/counter.ts"),
  },
  {
    path: "/goi-so/:point",
    tag: "db-call-screen",
    load: () => import("../screens/queue/screen.ts"),
  },
  { path: "/can-bo", tag: "db-desk", load: () => import("../screens/officer/officer.ts") },
  { path: "/can-bo/bao-cao", tag: "db-report", load: () => import("../screens/officer/report.ts") },
  {
    path: "/can-bo/thi-lai",
    tag: "db-retests",
    load: () => import("../screens/officer/retests.ts"),
  },
  { path: "/can-bo/:dossier", tag: "db-desk", load: () => import("../screens/officer/officer.ts") },
  { path: "/quan-tri", tag: "db-devices", load: () => import("../screens/officer/devices.ts") },
];

export const notFound: Route = {
  path: "",
  tag: "db-not-found",
  load: () => import("../screens/shared/not-found.ts"),
};
