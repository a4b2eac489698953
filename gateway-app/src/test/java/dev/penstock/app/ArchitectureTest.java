package dev.penstock.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/**
 * Who may know whom (ARCHITECTURE.md). Of some packages there is nothing yet; their rules wait for
 * them.
 */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.penstock");

  private static final String[] TRANSLATORS = {
    "dev.penstock.ingress.translate..",
    "dev.penstock.ingress.annotation..",
    "dev.penstock.configmap..",
    "dev.penstock.admission.."
  };

  @Test
  void theModelKnowsTheJdkOnly() {
    check(
        classes()
            .that()
            .resideInAPackage("dev.penstock.model..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.penstock.model..", "java..", "javax..", "org.jspecify.."));
  }

  @Test
  void theDataPlaneKnowsNoKubernetes() {
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.penstock.core..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "io.fabric8..",
                "org.snakeyaml..",
                "dev.penstock.ingress..",
                "dev.penstock.admission.."));
  }

  @Test
  void onlyTheKubernetesSourceKnowsTheClient() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages("dev.penstock.ingress.source.kubernetes..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.fabric8.."));
  }

  @Test
  void theControllerKnowsNoDataPlane() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(
                "dev.penstock.ingress..", "dev.penstock.configmap..", "dev.penstock.admission..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty..", "io.vertx..", "dev.penstock.core.."));
  }

  @Test
  void theConfigMapLoaderKnowsTheModelOnly() {
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.penstock.configmap..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.penstock.ingress..", "dev.penstock.core.."));
  }

  @Test
  void theControlPlaneHasNoPrivateWireIntoRouting() {
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.penstock.controlplane..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "dev.penstock.core..",
                "dev.penstock.ingress..",
                "dev.penstock.configmap..",
                "io.netty..",
                "io.vertx.."));
  }

  @Test
  void theTwoHalvesMeetInTheApplicationWhichNobodyKnows() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("dev.penstock.app..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.penstock.app.."));
  }

  @Test
  void onlyTheHostPackageKnowsVertx() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("dev.penstock.core.host..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vertx.."));
  }

  @Test
  void translatorsKnowNoClientLoggerOrFile() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(TRANSLATORS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "io.fabric8..",
                "org.slf4j..",
                "java.util.logging..",
                "java.net.http..",
                "java.nio.file..",
                "java.nio.channels.."));
  }

  @Test
  void translatorsKnowNoClock() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(TRANSLATORS)
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime"));
  }

  /** It ends the destination when the source fails: a cut upload would arrive as a complete one. */
  @Test
  void nobodyCallsPipeTo() {
    check(
        noClasses()
            .should()
            .accessTargetWhere(
                DescribedPredicate.<JavaAccess<?>>describe(
                    "its name is pipeTo", access -> access.getName().equals("pipeTo"))));
  }

  @Test
  void theProductKnowsNoTestCode() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("dev.penstock.testkit..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "dev.penstock.testkit..", "org.junit..", "org.assertj..", "com.tngtech.."));
  }

  @Test
  void packagesFormNoCycle() {
    check(slices().matching("dev.penstock.(**)").should().beFreeOfCycles());
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(CLASSES);
  }
}
