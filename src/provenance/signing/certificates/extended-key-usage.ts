/** Extended key usages (RFC 5280 §4.2.1.12, C2PA certificate policy). */
export const EKU_ANY = '2.5.29.37.0';
export const EKU_EMAIL_PROTECTION = '1.3.6.1.5.5.7.3.4';
export const EKU_TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
export const EKU_OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
export const EKU_DOCUMENT_SIGNING = '1.3.6.1.5.5.7.3.36';
export const EKU_C2PA_CLAIM_SIGNING = '1.3.6.1.4.1.62558.2.1';

/** Those of which a C2PA signing leaf must have one. */
export const ACCEPTED_EKUS = [EKU_EMAIL_PROTECTION, EKU_DOCUMENT_SIGNING, EKU_C2PA_CLAIM_SIGNING] as const;
