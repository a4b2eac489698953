package dev.penstock.ingress.source;

import static dev.penstock.ingress.source.Manifests.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Diagnostic;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListsTest {
  private static FileObjects read(String text) {
    return ManifestReader.read("a.yaml", utf8(text), Companions.NONE);
  }

  private static List<String> complaints(String text) {
    return read(text).diagnostics().stream().map(Diagnostic::toString).toList();
  }

  @Test
  void itemsOfAListOfIngressesNeedNoKind() {
    String list =
        "{kind: IngressList, apiVersion: networking.k8s.io/v1, metadata: {continue: x}, items: %s}";

    assertThat(complaints(list.formatted("[{metadata: {name: a}}]"))).isEmpty();
    assertThat(read(list.formatted("[{metadata: {name: a}}, {metadata: {name: b}}]")).ingresses())
        .extracting(ingress -> ingress.key().name())
        .containsExactly("a", "b");
  }

  @Test
  void itemsOfAListOfAnyKindNeedOne() {
    assertThat(complaints("{kind: List, apiVersion: v1, items: [{metadata: {name: a}}]}"))
        .singleElement()
        .asString()
        .contains("kind: is missing");
  }

  @Test
  void aListInAListIsRead() {
    String item =
        "{kind: List, apiVersion: v1, items: [{kind: ServiceList, apiVersion: v1, items: "
            + "[{metadata: {name: s}}]}]}";

    assertThat(read(item).services()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{kind: List, apiVersion: v1, item: []} | error: item: is no field of a list, and 'items'"
            + " is missing: nothing of the list is read; did you mean 'items'?",
        "{kind: List, apiVersion: v1, items: [], item: 1} | warning: item: is no field of a list;"
            + " did you mean 'items'?",
        "{kind: list, apiVersion: v1, items: []} | did you mean 'List'?",
        "{kind: List, apiVersion: apps/v1, items: []} | rewrite the object for v1",
      })
  void aListThatSaysSomethingElseIsTold(String text, String complaint) {
    assertThat(complaints(text)).singleElement().asString().contains(complaint);
  }
}
