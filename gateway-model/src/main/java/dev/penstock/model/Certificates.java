package dev.penstock.model;

import dev.penstock.model.KeyMaterialException.Part;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads certificate chains and what they say about their subject. */
final class Certificates {
  /** OpenSSL reads both. */
  private static final Set<String> LABELS = Set.of("CERTIFICATE", "X509 CERTIFICATE");

  /** id-at-commonName, 2.5.4.3. */
  private static final byte[] COMMON_NAME = {0x55, 0x04, 0x03};

  private Certificates() {}

  static List<X509Certificate> parse(String pem) throws KeyMaterialException {
    if (pem.isBlank()) throw new KeyMaterialException(Part.CHAIN, "the certificate chain is empty");
    List<Pem.Block> blocks = Pem.blocks(Part.CHAIN, pem);
    if (blocks.isEmpty()) {
      throw new KeyMaterialException(
          Part.CHAIN,
          "holds no PEM block; it must begin with a line '-----BEGIN CERTIFICATE-----'");
    }
    List<Pem.Block> ours = blocks.stream().filter(b -> LABELS.contains(b.label())).toList();
    if (ours.isEmpty()) throw noCertificate(blocks);
    if (ours.size() > ParsedKeyMaterial.CERTIFICATES_MAX) {
      throw new KeyMaterialException(
          Part.CHAIN,
          "holds "
              + ours.size()
              + " certificates, at most "
              + ParsedKeyMaterial.CERTIFICATES_MAX
              + " are served; leave the leaf and its intermediates");
    }
    List<X509Certificate> chain = new ArrayList<>();
    for (Pem.Block block : ours) chain.add(certificate(chain.size() + 1, block));
    return chain;
  }

  private static KeyMaterialException noCertificate(List<Pem.Block> blocks) {
    String labels =
        blocks.stream()
            .map(block -> "'" + KeyMaterialException.printable(block.label()) + "'")
            .distinct()
            .limit(4)
            .collect(Collectors.joining(", "));
    boolean isKey = blocks.getFirst().label().endsWith("PRIVATE KEY");
    return new KeyMaterialException(
        Part.CHAIN,
        "holds no certificate, only " + labels + (isKey ? "; are chain and key swapped?" : ""));
  }

  private static X509Certificate certificate(int number, Pem.Block block)
      throws KeyMaterialException {
    byte[] der = block.decode(Part.CHAIN);
    try {
      Der cursor = new Der(der);
      cursor.enter(Der.SEQUENCE); // the factory would also take PEM inside of the base64
      if (!cursor.isAtEnd()) throw new CertificateException("bytes behind its end");
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (Der.Malformed | CertificateException | RuntimeException unreadable) {
      throw new KeyMaterialException(
          Part.CHAIN,
          "certificate "
              + number
              + " is not an X.509 certificate ("
              + KeyMaterialException.printable(String.valueOf(unreadable.getMessage()))
              + ")");
    }
  }

  /** For messages: the subject, or the serial number when it is empty. */
  static String nameOf(X509Certificate certificate) {
    String subject = certificate.getSubjectX500Principal().getName();
    return subject.isEmpty()
        ? "serial " + certificate.getSerialNumber().toString(16)
        : KeyMaterialException.printable(subject);
  }

  /** The most specific common name; empty when there is none. */
  static String commonName(X509Certificate certificate) {
    try {
      String found = "";
      Der names = new Der(certificate.getSubjectX500Principal().getEncoded()).enter(Der.SEQUENCE);
      while (!names.isAtEnd()) found = commonName(names.enter(Der.SET), found);
      return found;
    } catch (Der.Malformed impossible) {
      return ""; // the JDK has encoded it
    }
  }

  /** Of one relative name; what was found before when it holds none. */
  private static String commonName(Der attributes, String before) throws Der.Malformed {
    String found = before;
    while (!attributes.isAtEnd()) {
      Der attribute = attributes.enter(Der.SEQUENCE);
      boolean isCommonName = Arrays.equals(attribute.take(Der.OBJECT_ID), COMMON_NAME);
      if (isCommonName) found = asciiOf(attribute.takeElement());
    }
    return found;
  }

  /** Of any string type; host names are ASCII, so that other names may come out garbled. */
  private static String asciiOf(byte[] element) throws Der.Malformed {
    byte[] content = new Der(element).take(element[0] & 0xff);
    return new String(content, StandardCharsets.ISO_8859_1);
  }
}
