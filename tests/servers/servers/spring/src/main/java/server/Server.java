package server;

import static org.springframework.security.config.Customizer.withDefaults;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.jose.jws.JwsAlgorithm;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenClaimsContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.util.matcher.MediaTypeRequestMatcher;

/** An authorization server as an application of Spring Authorization Server builds it. */
@SpringBootApplication
public class Server {
    public static void main(String[] arguments) {
        SpringApplication.run(Server.class, arguments);
    }

    @Bean
    @Order(1)
    SecurityFilterChain authorizationServer(HttpSecurity http) throws Exception {
        http.oauth2AuthorizationServer(server -> {
                    http.securityMatcher(server.getEndpointsMatcher());
                    server.oidc(withDefaults());
                    server.deviceAuthorizationEndpoint(withDefaults());
                    server.deviceVerificationEndpoint(withDefaults());
                })
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .exceptionHandling(exceptions -> exceptions.defaultAuthenticationEntryPointFor(
                        new LoginUrlAuthenticationEntryPoint("/login"),
                        new MediaTypeRequestMatcher(MediaType.TEXT_HTML)));
        return http.build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain login(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .formLogin(withDefaults())
                .build();
    }

    @Bean
    UserDetailsService users(@Value("${user}") String name, @Value("${password}") String password) {
        return new InMemoryUserDetailsManager(
                User.withUsername(name).password("{noop}" + password).roles("USER").build());
    }

    @Bean
    RegisteredClientRepository registeredClients(Clients clients) {
        return clients.repository();
    }

    @Bean
    AuthorizationServerSettings settings(@Value("${issuer}") String issuer) {
        return AuthorizationServerSettings.builder().issuer(issuer).build();
    }

    /** The key file is read for each token and for each request for the key set. */
    @Bean
    JWKSource<SecurityContext> keys(@Value("${keys}") Path file) {
        return (selector, context) -> {
            try {
                return selector.select(JWKSet.load(file.toFile()));
            } catch (IOException | ParseException error) {
                throw new IllegalStateException("the key file cannot be read", error);
            }
        };
    }

    /** The encoder asks which key signs if the file has several for the algorithm. */
    @Bean
    JwtEncoder encoder(JWKSource<SecurityContext> keys) {
        var encoder = new NimbusJwtEncoder(keys);
        encoder.setJwkSelector(candidates -> candidates.get(0));
        return encoder;
    }

    /** Without this, the audience of an access token is the client. */
    @Bean
    OAuth2TokenCustomizer<JwtEncodingContext> audience() {
        return context -> {
            if (OAuth2TokenType.ACCESS_TOKEN.equals(context.getTokenType())) {
                var settings = context.getRegisteredClient().getClientSettings();
                JwsAlgorithm algorithm = SignatureAlgorithm.from(settings.getSetting("algorithm"));
                context.getJwsHeader().algorithm(algorithm);
                context.getClaims().audience(List.of(settings.<String>getSetting("audience")));
            }
        };
    }

    /** The same for opaque access tokens. The server keeps their claims, and tells them to APIs that ask. */
    @Bean
    OAuth2TokenCustomizer<OAuth2TokenClaimsContext> audienceOfOpaqueTokens() {
        return context -> {
            String audience = context.getRegisteredClient().getClientSettings().getSetting("audience");
            context.getClaims().audience(List.of(audience));
        };
    }
}
