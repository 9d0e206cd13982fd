import { execFileSync } from "node:child_process";

/**
 * Makes an authority and, signed by it, a key for both ends of TLS at 127.0.0.1 by openssl(1): `ca.pem`, `cert.pem` and `key.pem`
 * in a directory, as Docker has them.
 */
export function makeCertificates(directory: string): void {
  const make = ({
    name,
    key,
    subject,
    more = [],
  }: {
    name: string;
    key: string;
    subject: string;
    more?: string[];
  }) =>
    execFileSync(
      "openssl",
      [
        ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"],
        ...[
          "-subj",
          `/CN=${subject}`,
          "-out",
          `${directory}/${name}`,
          "-keyout",
          `${directory}/${key}`,
          ...more,
        ],
      ],
      { stdio: "pipe" },
    );
  make({ name: "ca.pem", key: "ca-key.pem", subject: "fe80 test authority" });
  const signed = ["-CA", `${directory}/ca.pem`, "-CAkey", `${directory}/ca-key.pem`];
  const usage = ["subjectAltName=IP:127.0.0.1", "extendedKeyUsage=serverAuth,clientAuth"];
  make({
    name: "cert.pem",
    key: "key.pem",
    subject: "fe80 test engine",
    more: [...signed, ...usage.flatMap((extension) => ["-addext", extension])],
  });
}
