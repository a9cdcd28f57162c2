package org.bufferyard.simulator.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rules of the code that a compiler does not check: where time and randomness come from, what
 * keeps a run equal in two JVMs, and who may know whom. Over the main classes of the allocator, the
 * actors, the device actors and the simulator.
 */
class ArchitectureTest {
  private static final String ALLOCATOR = "org.bufferyard.allocator..";
  private static final String ACTORS = "org.bufferyard.actors..";
  private static final String DEVICE_ACTORS = "org.bufferyard.deviceactors..";
  private static final String SIMULATOR = "org.bufferyard.simulator..";

  static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(
              "org.bufferyard.allocator",
              "org.bufferyard.actors",
              "org.bufferyard.deviceactors",
              "org.bufferyard.simulator");

  /** Where an embedded yard takes its clock and its randomness from. */
  private static final String HOST = "org.bufferyard.actors.extension.Host";

  private static void check(ArchRule rule) {
    rule.check(MAIN);
  }

  private static DescribedPredicate<JavaAccess<?>> calls(Class<?> owner, String... methods) {
    List<String> names = List.of(methods);
    return describe(
        owner.getSimpleName() + "." + names,
        call ->
            call.getTargetOwner().isEquivalentTo(owner)
                && names.contains(call.getTarget().getName()));
  }

  private static DescribedPredicate<JavaAccess<?>> constructs(Class<?>... types) {
    return describe(
        "construct one of " + List.of(types),
        call ->
            call.getTarget().getName().equals("<init>")
                && List.of(types).stream().anyMatch(call.getTargetOwner()::isEquivalentTo));
  }

  private static void nobodyCalls(DescribedPredicate<JavaAccess<?>> calls, String because) {
    check(
        noClasses()
            .that()
            .doNotHaveFullyQualifiedName(HOST)
            .should()
            .accessTargetWhere(calls)
            .because(because));
  }

  @Test
  void import_mainClasses_allModulesSeen() {
    for (String module : List.of("allocator", "actors", "deviceactors", "simulator")) {
      assertThat(MAIN.stream().filter(each -> each.getPackageName().contains("." + module)))
          .as(module)
          .isNotEmpty();
    }
  }

  @Test
  void time_anyClass_comesFromTheModelClock() {
    String because = "time is the scheduler's or a parameter";
    nobodyCalls(calls(System.class, "nanoTime", "currentTimeMillis"), because);
    check(
        noClasses()
            .should()
            .accessTargetWhere(
                describe(
                    "now() of java.time",
                    call ->
                        call.getTargetOwner().getPackageName().startsWith("java.time")
                            && call.getTarget().getName().equals("now")))
            .because(because));
  }

  @Test
  void randomness_anyClass_comesAsAParameter() {
    String because = "a seed decides every draw";
    nobodyCalls(calls(Math.class, "random"), because);
    nobodyCalls(calls(java.util.UUID.class, "randomUUID"), because);
    nobodyCalls(calls(java.util.concurrent.ThreadLocalRandom.class, "current"), because);
    nobodyCalls(calls(System.class, "identityHashCode"), because);
    check(
        noClasses()
            .that()
            .doNotHaveFullyQualifiedName(HOST)
            .should()
            .callConstructor(java.util.Random.class)
            .orShould()
            .callConstructor(java.util.SplittableRandom.class)
            .orShould()
            .callConstructor(java.security.SecureRandom.class)
            .because(because));
  }

  @Test
  void threads_anyClass_areAkkasAlone() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat(
                describe(
                    "executors",
                    type ->
                        type.getPackageName().equals("java.util.concurrent")
                            && (type.getSimpleName().contains("Executor")
                                || type.getSimpleName().equals("ForkJoinPool"))))
            .because("dispatchers run everything"));
    nobodyCalls(constructs(Thread.class), "dispatchers run everything");
    nobodyCalls(calls(Thread.class, "startVirtualThread", "ofVirtual", "ofPlatform"), "the same");
    nobodyCalls(calls(Thread.class, "sleep"), "nobody waits by sleeping");
    nobodyCalls(
        calls(java.util.concurrent.CompletableFuture.class, "runAsync", "supplyAsync"), "the same");
  }

  @Test
  void collections_anyClass_iterateInTheSameOrderInEveryJvm() {
    String because = "iteration order must not depend on hashes or on the JVM's salt";
    nobodyCalls(
        constructs(
            java.util.HashMap.class,
            java.util.HashSet.class,
            java.util.IdentityHashMap.class,
            java.util.WeakHashMap.class,
            java.util.concurrent.ConcurrentHashMap.class),
        because);
    nobodyCalls(calls(java.util.Set.class, "of", "copyOf"), because);
    nobodyCalls(calls(java.util.Map.class, "of", "copyOf", "ofEntries"), because);
    nobodyCalls(
        calls(
            java.util.stream.Collectors.class,
            "toSet",
            "toMap",
            "toUnmodifiableSet",
            "toUnmodifiableMap",
            "toConcurrentMap"),
        because);
    nobodyCalls(
        describe(
            "Collectors.groupingBy into a HashMap",
            call ->
                call.getTargetOwner().isEquivalentTo(java.util.stream.Collectors.class)
                    && call.getTarget().getName().equals("groupingBy")
                    && call.getTarget() instanceof CodeUnitAccessTarget target
                    && target.getRawParameterTypes().size() < 3),
        because);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.bufferyard.allocator.(**)",
        "org.bufferyard.actors.(**)",
        "org.bufferyard.deviceactors.(**)",
        "org.bufferyard.simulator.(**)"
      })
  void packages_ofOneModule_haveNoCycles(String module) {
    slices().matching(module).should().beFreeOfCycles().allowEmptyShould(true).check(MAIN);
  }

  @Test
  void modules_anyTwo_dependDownwardsOnly() {
    check(
        noClasses()
            .that()
            .resideInAPackage(ALLOCATOR)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ACTORS, DEVICE_ACTORS, SIMULATOR));
    check(
        noClasses()
            .that()
            .resideInAPackage(ACTORS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(DEVICE_ACTORS, SIMULATOR));
    check(
        noClasses()
            .that()
            .resideInAPackage(DEVICE_ACTORS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SIMULATOR));
    check(
        noClasses()
            .that()
            .resideInAnyPackage(ALLOCATOR, ACTORS, DEVICE_ACTORS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.bufferyard.testkit.."));
    check(
        noClasses()
            .that()
            .resideInAnyPackage(ALLOCATOR, ACTORS, DEVICE_ACTORS)
            .and()
            .resideOutsideOfPackage("org.bufferyard.actors.extension..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.typesafe.config..")
            .because("configuration is read where the yard is embedded, and goes no further"));
  }

  @Test
  void allocator_anyClass_isPure() {
    check(
        noClasses()
            .that()
            .resideInAPackage(ALLOCATOR)
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                        "akka..", "scala..", "java.io..", "java.nio..", "java.time..", "java.net..")
                    .and(not(type(ByteOrder.class)))));
  }

  @Test
  void allocator_anyClass_startsNoThreadAndTakesNoLock() {
    check(
        noClasses()
            .that()
            .resideInAPackage(ALLOCATOR)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.concurrent..")
            .orShould()
            .dependOnClassesThat(assignableTo(Thread.class)));
  }

  /** The functional cores can be tested, and read, without an actor system. */
  @Test
  void pureCores_ofTheActors_seeNoAkka() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(
                "org.bufferyard.actors.memory..",
                "org.bufferyard.actors.environment..",
                "org.bufferyard.actors.fence..",
                "org.bufferyard.actors.token..")
            .and()
            .doNotHaveSimpleName("Environment")
            .and()
            .haveNameNotMatching(".*\\.Tap(\\$Line)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("akka..", "scala.."));
  }

  /** What an actor is told is a value: it can cross threads without a lock. */
  @Test
  void messages_ofAnyActor_areRecords() {
    DescribedPredicate<JavaClass> messages =
        describe(
            "messages",
            type ->
                !type.isInterface()
                    && type.getAllRawInterfaces().stream().anyMatch(ArchitectureTest::isProtocol));
    assertThat(MAIN.stream().filter(messages)).hasSizeGreaterThan(100);
    check(classes().that(messages).should().beRecords());
  }

  private static boolean isProtocol(JavaClass type) {
    return type.getPackageName().startsWith("org.bufferyard")
        && List.of(
                "Command", "Reply", "Event", "YardEvent", "CpuReply", "SessionReply", "MapResult")
            .contains(type.getSimpleName());
  }

  @Test
  void asks_anyActor_neverWaitForAnAnswer() {
    nobodyCalls(
        describe(
                "ActorContext.ask or AskPattern",
                (JavaAccess<?> call) ->
                    call.getTargetOwner().getName().startsWith("akka.")
                        && call.getTarget().getName().equals("ask"))
            .forSubtype(),
        "every wait is a state with an owner and a limit");
  }
}
