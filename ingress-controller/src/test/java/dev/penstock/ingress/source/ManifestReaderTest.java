package dev.penstock.ingress.source;

import static dev.penstock.ingress.source.Manifests.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Diagnostic;
import dev.penstock.model.Diagnostic.Level;
import dev.penstock.model.Endpoint;
import dev.penstock.model.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ManifestReaderTest {
  private static FileObjects read(String text) {
    return ManifestReader.read("a.yaml", utf8(text), Companions.NONE);
  }

  private static List<String> complaints(FileObjects objects) {
    return objects.diagnostics().stream().map(Diagnostic::toString).toList();
  }

  @Test
  void anIngressIsReadWithThePlaceOfEachPart() {
    FileObjects read = read(Manifests.SHOP);

    assertThat(read.diagnostics()).isEmpty();
    IngressObject shop = read.ingresses().getFirst();
    Source source = new Source("Ingress", "store", "shop", "a.yaml", 1, 1);
    assertThat(shop.source()).isEqualTo(source);
    assertThat(shop.key()).isEqualTo(new ObjectKey("store", "shop"));
    assertThat(shop.created()).isEqualTo(Instant.parse("2026-01-31T12:00:00Z"));
    String redirect = "nginx.ingress.kubernetes.io/ssl-redirect";
    assertThat(shop.annotations().values()).containsExactly(Map.entry(redirect, "false"));
    assertThat(shop.annotations().place(redirect, source)).isEqualTo(source.at(8, 5));
    assertThat(shop.className()).isEqualTo("penstock");
    assertThat(shop.defaultBackend())
        .isEqualTo(new IngressObject.Backend(source.at(12, 5), "fallback", 0, "http", ""));
    assertThat(shop.tls())
        .containsExactly(
            new IngressObject.Tls(source.at(17, 7), List.of("shop.example.com"), "shop-tls"));
    assertThat(shop.rules())
        .containsExactly(
            new IngressObject.Rule(
                source.at(20, 7),
                "shop.example.com",
                List.of(
                    new IngressObject.Path(
                        source.at(23, 13),
                        "/api",
                        "Prefix",
                        new IngressObject.Backend(source.at(26, 15), "api", 8080, "", "")),
                    new IngressObject.Path(
                        source.at(30, 13),
                        "/static",
                        "ImplementationSpecific",
                        new IngressObject.Backend(source.at(33, 15), "", 0, "", "Bucket/files")))));
  }

  @Test
  void aServiceIsReadWithTheEndpointsOfItsAnnotation() {
    ServiceObject api = read(Manifests.SERVICE).services().getFirst();

    assertThat(api.directEndpoints())
        .containsExactly(new Endpoint("127.0.0.1", 3000), new Endpoint("::1", 3001));
    assertThat(api.type()).isEqualTo("ClusterIP");
    assertThat(api.ports())
        .extracting(
            ServiceObject.Port::name,
            ServiceObject.Port::port,
            ServiceObject.Port::targetPort,
            ServiceObject.Port::protocol)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("http", 8080, "web", "TCP"),
            org.assertj.core.groups.Tuple.tuple("", 9090, "9091", "UDP"));
  }

  @Test
  void anEndpointSliceIsReadWithTheDefaultsOfItsConditions() {
    EndpointSliceObject slice = read(Manifests.SLICE).slices().getFirst();

    assertThat(slice.service()).isEqualTo("api");
    assertThat(slice.addressType()).isEqualTo("IPv4");
    assertThat(slice.ports()).containsExactly(new EndpointSliceObject.Port("http", 3000, "TCP"));
    assertThat(slice.members())
        .extracting(
            m -> m.addresses().getFirst(),
            EndpointSliceObject.Member::ready,
            EndpointSliceObject.Member::serving,
            EndpointSliceObject.Member::terminating)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("10.0.0.1", true, true, false),
            org.assertj.core.groups.Tuple.tuple("10.0.0.2", false, true, true),
            org.assertj.core.groups.Tuple.tuple("10.0.0.3", false, false, false));
  }

  @Test
  void aSecretIsReadFromDataAndStringData() {
    SecretObject secret = read(Manifests.SECRET).secrets().getFirst();

    assertThat(secret.data()).isEqualTo(Map.of("tls.crt", "chain", "tls.key", "key"));
    assertThat(secret.type()).isEqualTo("kubernetes.io/tls");
  }

  @Test
  void anIngressClassIsReadWithItsDefaultMark() {
    assertThat(read(Manifests.CLASS).classes())
        .containsExactly(
            new IngressClassObject(
                new Source("IngressClass", "", "penstock", "a.yaml", 1, 1),
                "penstock",
                "penstock.dev/ingress",
                new Source("IngressClass", "", "penstock", "a.yaml", 6, 5),
                null));
  }

  @Test
  void everyDocumentAndEveryItemOfAListIsRead() {
    FileObjects read =
        read(
            Manifests.ALL
                + """
                ---
                # nothing here
                ---
                apiVersion: v1
                kind: List
                items:
                  - {apiVersion: v1, kind: Service, metadata: {name: one}}
                  - {apiVersion: v1, kind: Service, metadata: {name: two}}
                  - nonsense
                """);

    assertThat(read.services())
        .extracting(s -> s.key().toString())
        .containsExactly("store/api", "default/one", "default/two");
    assertThat(complaints(read))
        .containsExactly(
            "a.yaml:100:5: error: this is a string, not a Kubernetes object: a mapping with"
                + " apiVersion, kind and metadata is expected; it is set aside, the rest goes on");
  }

  @Test
  void jsonIsReadWithTabsAndEscapes() {
    String json =
        """
        {
        \t"apiVersion": "v1",
        \t"kind": "Service",
        \t"metadata": {"name": "api", "annotations": {"a": "\\u00e4\\/\\"b"}},
        \t"spec": {"ports": [{"port": 80}]}
        }
        """;

    FileObjects read = ManifestReader.read("a.json", utf8(json), Companions.NONE);

    assertThat(read.diagnostics()).isEmpty();
    assertThat(read.services().getFirst().annotations()).containsEntry("a", "ä/\"b");
    assertThat(read.services().getFirst().ports().getFirst().source().line()).isEqualTo(5);
  }

  @Test
  void anEmptyFileHoldsNothingAndIsNoFault() {
    for (String text : List.of("", "\n", "# only a comment\n", "---\n", "---\n---\n", "\uFEFF")) {
      FileObjects read = read(text);
      assertThat(read.parsed()).as(text).isTrue();
      assertThat(read.diagnostics()).as(text).isEmpty();
    }
  }

  @Test
  void aFileThatIsNoYamlNamesLineAndColumn() {
    FileObjects read = read(Manifests.SHOP + "---\na: b: c\n");

    assertThat(read.parsed()).isFalse();
    assertThat(read.ingresses()).isEmpty();
    assertThat(complaints(read))
        .containsExactly(
            "a.yaml:38:5: error: mapping values are not allowed here; this file's objects keep"
                + " their last good state");
  }

  @Test
  void aDuplicateKeyIsRefused() {
    assertThat(complaints(read("kind: Service\nmetadata:\n  name: a\n  name: b\n")))
        .containsExactly(
            "a.yaml:4:3: error: the key 'name' is here twice; this file's objects keep their last"
                + " good state");
  }

  @Test
  void aBinaryFileIsRefusedAtItsFirstWrongByte() {
    byte[] notUtf8 = {'a', ':', '\n', (byte) 0xc3, (byte) 0x28};
    byte[] withNul = {'a', ':', ' ', 0};

    assertThat(complaints(ManifestReader.read("a.yaml", notUtf8, Companions.NONE)))
        .containsExactly(
            "a.yaml:2:1: error: byte 0xc3 is not UTF-8: a manifest must be a text file in UTF-8;"
                + " this file's objects keep their last good state");
    assertThat(complaints(ManifestReader.read("a.yaml", withNul, Companions.NONE)))
        .containsExactly(
            "a.yaml:1:4: error: character U+0000 is not allowed: a manifest must be a text file in"
                + " UTF-8; this file's objects keep their last good state");
  }

  @Test
  void aFileOfTenMegabytesIsRefusedUnread() {
    byte[] bytes = new byte[10_000_000];

    assertThat(complaints(ManifestReader.read("big.yaml", bytes, Companions.NONE)))
        .containsExactly(
            "big.yaml: error: the file has 10000000 bytes, at most 8388608 are read: split it into"
                + " several; this file's objects keep their last good state");
  }

  @Test
  void aBombOfAliasesIsRefusedBeforeItGrows() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 60; i++) {
      bomb.append("a%d: &a%d [".formatted(i, i));
      bomb.append("*a%d,".formatted(i - 1).repeat(9)).append("]\n");
    }

    assertThat(complaints(read(bomb.toString())))
        .singleElement()
        .asString()
        .matches(
            "a.yaml:\\d+:\\d+: error: with its aliases written out this holds more than 8388608"
                + " bytes; this file's objects keep their last good state");
  }

  @Test
  void anAliasIntoItselfAndAnUnknownAliasAreRefused() {
    assertThat(complaints(read("a: &a [*a]\n")))
        .containsExactly(
            "a.yaml:1:8: error: the alias '*a' names no anchor that is complete before it; this"
                + " file's objects keep their last good state");
    assertThat(read("a: *b\n").parsed()).isFalse();
  }

  @Test
  void anchorsAndMergeKeysWorkAsInACluster() {
    FileObjects read =
        read(
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: a}
            spec:
              rules:
                - host: a.example
                  http: &http
                    paths:
                      - path: /
                        pathType: Prefix
                        backend: {service: {name: s, port: {number: 80}}}
                - host: b.example
                  http: *http
                - host: c.example
                  http:
                    <<: *http
            """);

    assertThat(read.diagnostics()).isEmpty();
    assertThat(read.ingresses().getFirst().rules())
        .allSatisfy(rule -> assertThat(rule.paths().getFirst().path()).isEqualTo("/"));
  }

  @Test
  void deepNestingIsRefused() {
    assertThat(complaints(read("[".repeat(100_000))))
        .containsExactly(
            "a.yaml:1:102: error: nested deeper than 100 levels; this file's objects keep their last"
                + " good state");
  }

  @Test
  void tagsAreRefused() {
    assertThat(complaints(read("a: !!java.net.URL [x]\n")))
        .singleElement()
        .asString()
        .startsWith(
            "a.yaml:1:4: error: the tag 'tag:yaml.org,2002:java.net.URL' has no meaning here");
    assertThat(read("a: !!str 1\nb: ! 2\n").parsed()).isTrue();
  }

  @Test
  void fieldsOfTheWrongTypeSetTheObjectAsideAndAreAllNamed() {
    FileObjects read =
        read(
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: a
              annotations:
                debug: true
            spec:
              tls: [null]
              rules:
                - host: 1234
                  http:
                    paths:
                      - path: [/]
                        backend: {service: {name: s, port: {number: "80"}}}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: good}
            """);

    assertThat(read.ingresses()).isEmpty();
    assertThat(read.services()).hasSize(1);
    assertThat(complaints(read))
        .containsExactly(
            "a.yaml:6:12: Ingress default/a: warning: metadata.annotations.debug: must be quoted: it"
                + " is read as a string, but the Kubernetes API refuses a boolean",
            "a.yaml:8:9: Ingress default/a: error: spec.tls[0]: must be a mapping, was null; this"
                + " object is set aside, the rest goes on",
            "a.yaml:13:19: Ingress default/a: error: spec.rules[0].http.paths[0].path: must be a"
                + " string, was a list; this object is set aside, the rest goes on",
            "a.yaml:14:57: Ingress default/a: error:"
                + " spec.rules[0].http.paths[0].backend.service.port.number: must be a whole"
                + " number, was a string '80': remove the quotes; this object is set aside, the"
                + " rest goes on",
            "a.yaml:10:13: Ingress default/a: error: spec.rules[0].host: must be a string, was a"
                + " number '1234': put it in quotes; this object is set aside, the rest goes on");
  }

  @Test
  void anAnnotationWithoutQuotesIsReadAsItsTextWithAWarning() {
    FileObjects read =
        read(
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: a
              annotations: {on: on, limit: 5, share: 0.5, none: null}
            """);

    assertThat(read.ingresses().getFirst().annotations().values())
        .isEqualTo(Map.of("on", "on", "limit", "5", "share", "0.5", "none", ""));
    assertThat(complaints(read)).hasSize(3).allMatch(c -> c.contains("warning: metadata.annot"));
  }

  @Test
  void anotherToolsAnnotationOfManyLinesIsNoFault() {
    FileObjects read =
        read(
            """
            apiVersion: v1
            kind: Service
            metadata:
              name: b
              annotations:
                kubectl.kubernetes.io/last-applied-configuration: |
                  {"a":
                  1}
                example.com/description: "two\\nlines"
                block: |
                  text
            """);

    assertThat(read.services().getFirst().annotations())
        .isEqualTo(Map.of("block", "text", "example.com/description", "two\nlines"));
    assertThat(complaints(read)).isEmpty();
  }

  @Test
  void aNameThatIsMissingOrNoneSetsTheObjectAside() {
    assertThat(complaints(read("apiVersion: v1\nkind: Service\n")))
        .containsExactly(
            "a.yaml:1:1: Service: error: metadata.name: is missing: every object needs one; this"
                + " object is set aside, the rest goes on");
    assertThat(complaints(read("{apiVersion: v1, kind: Service, metadata: {name: a/b}}")))
        .singleElement()
        .asString()
        .contains("metadata.name: 'a/b' is no name");
    assertThat(
            complaints(
                read("{apiVersion: v1, kind: Service, metadata: {name: a, namespace: b.c}}")))
        .singleElement()
        .asString()
        .contains("metadata.namespace: 'b.c' is no namespace");
  }

  @Test
  void kindsThatAreNotReadAreAnsweredByWhatTheyAre() {
    assertThat(
            complaints(
                read(
                    """
                    {apiVersion: extensions/v1beta1, kind: Ingress, metadata: {name: old}}
                    ---
                    {apiVersion: networking.k8s.io/v1, kind: Ingres, metadata: {name: typo}}
                    ---
                    {apiVersion: apps/v1, kind: Deployment, metadata: {name: one}}
                    ---
                    {apiVersion: apps/v1, kind: Deployment, metadata: {name: two}}
                    ---
                    {apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: kn}}
                    ---
                    {apiVersion: v1, metadata: {name: unkind}}
                    ---
                    just text
                    """)))
        .containsExactly(
            "a.yaml:1:1: Ingress default/old: error: apiVersion: apiVersion 'extensions/v1beta1' of"
                + " Ingress is not supported: rewrite the object for networking.k8s.io/v1; it is"
                + " set aside, the rest goes on",
            "a.yaml:3:1: Ingres default/typo: error: kind: Kubernetes has no kind 'Ingres' in"
                + " apiVersion 'networking.k8s.io/v1'; did you mean 'Ingress'?; it is set aside, the"
                + " rest goes on",
            "a.yaml:11:1: error: kind: is missing: every Kubernetes object has apiVersion, kind and"
                + " metadata.name; this object is set aside, the rest goes on",
            "a.yaml:13:1: error: this is a string, not a Kubernetes object: a mapping with"
                + " apiVersion, kind and metadata is expected; it is set aside, the rest goes on");
  }

  @Test
  void anEndpointThatIsNoneIsNamed() {
    for (String bad :
        List.of(
            "localhost:80",
            "127.0.0.1",
            "127.0.0.1:0",
            "127.0.0.1:65536",
            "::1:80",
            "[::1]",
            "1.2.3.4:80,",
            "01.2.3.4:80",
            "[1.2.3.4]:80",
            "[::1::2]:80",
            "1.2.3.4:+80")) {
      FileObjects read =
          read(
              """
              apiVersion: v1
              kind: Service
              metadata:
                name: a
                annotations:
                  penstock.dev/endpoints: "%s"
              """
                  .formatted(bad));
      assertThat(read.services()).as(bad).isEmpty();
      assertThat(complaints(read))
          .singleElement()
          .asString()
          .startsWith(
              "a.yaml:6:29: Service default/a: error:"
                  + " metadata.annotations.penstock.dev/endpoints: '")
          .contains("is no endpoint");
    }
  }

  @Test
  void secretsMayNameFilesBesideThem() {
    String text =
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: tls}
        type: kubernetes.io/tls
        data:
          tls.crt: file://tls/chain.pem
        stringData:
          tls.key: file://tls/key.pem
          other: file://not-read
        """;
    Companions companions =
        (manifest, path) -> (manifest + "+" + path).getBytes(StandardCharsets.UTF_8);

    FileObjects read = ManifestReader.read("d/a.yaml", utf8(text), companions);

    assertThat(read.secrets().getFirst().data())
        .isEqualTo(
            Map.of(
                "tls.crt", "d/a.yaml+tls/chain.pem",
                "tls.key", "d/a.yaml+tls/key.pem",
                "other", ""));
  }

  @Test
  void aSecretWhoseFileCannotBeReadNamesItAndIsMarked() {
    String text = Manifests.SECRET.replace("tls.key: key", "tls.key: file://no.pem");
    Companions companions =
        (manifest, path) -> {
          throw new IOException("no such file");
        };

    FileObjects read = ManifestReader.read("a.yaml", utf8(text), companions);

    assertThat(read.secrets()).isEmpty();
    assertThat(read.unreadSecrets()).containsExactly(new ObjectKey("store", "shop-tls"));
    assertThat(complaints(read))
        .containsExactly(
            "a.yaml:10:12: Secret store/shop-tls: error: stringData.tls.key: cannot read"
                + " 'file://no.pem': no such file; this object is set aside, the rest goes on");
  }

  @Test
  void noValueOfASecretIsEverQuoted() {
    FileObjects read =
        read(
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: s}
            data:
              password: 424242
              token: hunter2!
            """);

    assertThat(read.diagnostics()).hasSize(2);
    assertThat(complaints(read).toString()).doesNotContain("424242").doesNotContain("hunter2");
  }

  @Test
  void anObjectBeyondTheBoundsIsSetAside() {
    StringBuilder paths = new StringBuilder(Manifests.ingress("many"));
    paths.append("spec:\n  rules:\n    - http:\n        paths:\n");
    paths.append("          - {path: /, pathType: Exact}\n".repeat(10_001));
    String large =
        Manifests.ingress("large") + "  annotations:\n    a: " + "x".repeat(1_500_000) + "\n";

    assertThat(complaints(read(paths.toString())))
        .containsExactly(
            "a.yaml:7:5: Ingress default/many: error: spec.rules: holds 10001 paths, at most 10000"
                + " are allowed: split the Ingress; this object is set aside, the rest goes on");
    assertThat(complaints(read(large)))
        .containsExactly(
            "a.yaml:1:1: Ingress default/large: error: the object holds more than 1500000 bytes,"
                + " more than Kubernetes stores; this object is set aside, the rest goes on");
  }

  @Test
  void theFirstFileByNameWinsAndTheOtherIsTold() {
    var view =
        ManifestReader.readAll(
            Map.of(
                "b.yaml", utf8(Manifests.ingress("same")),
                "a.yaml", utf8("\n" + Manifests.ingress("same"))));

    assertThat(view.value().ingresses().values())
        .singleElement()
        .satisfies(ingress -> assertThat(ingress.source().file()).isEqualTo("a.yaml"));
    assertThat(view.diagnostics())
        .singleElement()
        .satisfies(d -> assertThat(d.level()).isEqualTo(Level.ERROR))
        .hasToString(
            "b.yaml:1:1: Ingress default/same: error: metadata.name: the same object stands at"
                + " a.yaml:2:1: that one is taken, this one is set aside; remove one of them");
  }

  @Test
  void anotherVersionOfYamlIsToldWithItsPlace() {
    byte[] text = "a: 1\n...\n%YAML 3.0\n---\nb: 1\n".getBytes(StandardCharsets.UTF_8);

    assertThat(ManifestReader.read("a.yaml", text, Companions.NONE).diagnostics())
        .extracting(Diagnostic::toString)
        .last()
        .asString()
        .startsWith("a.yaml:3:1: error: the file says that it is YAML 3.0, but YAML 1.2 is what");
  }
}
