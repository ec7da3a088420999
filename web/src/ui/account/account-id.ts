// What an account may be called.

export function isAccountId(text: string): boolean {
  return /^[a-z0-9._@-]{1,64}$/.test(text);
}
