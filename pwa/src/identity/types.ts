export type Role = "applicant" | "clerk" | "officer" | "admin";

export interface Session {
  account: string;
  role: Role;
  name: string | null;
  point: { id: string; name: string } | null;
  expires_at?: string;
}
