package server;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.OAuth2TokenFormat;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;
import org.springframework.stereotype.Component;

/** The registered clients, read from the settings. */
@Component
@ConfigurationProperties("registered")
public class Clients {
    private List<Entry> clients = List.of();

    /**
     * One client: identifier, audience, algorithm and lifetime of its access tokens. With the subject of a certificate,
     * the client has no secret, and its tokens are bound to the certificate.
     */
    public record Entry(
            String id,
            String secret,
            String redirect,
            String audience,
            String algorithm,
            long seconds,
            String subject,
            boolean opaque) {
        boolean hasCertificate() {
            return subject != null;
        }
    }

    public void setClients(List<Entry> clients) {
        this.clients = clients;
    }

    RegisteredClientRepository repository() {
        return new InMemoryRegisteredClientRepository(clients.stream().map(Clients::register).toList());
    }

    private static RegisteredClient register(Entry entry) {
        return RegisteredClient.withId(entry.id())
                .clientId(entry.id())
                .clientSecret(entry.hasCertificate() ? null : "{noop}" + entry.secret())
                .clientAuthenticationMethod(
                        entry.hasCertificate()
                                ? ClientAuthenticationMethod.TLS_CLIENT_AUTH
                                : ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN)
                .authorizationGrantType(AuthorizationGrantType.DEVICE_CODE)
                .redirectUri(entry.redirect())
                .scopes(scopes -> scopes.addAll(List.of("openid", "items:read", "items:write")))
                .clientSettings(clientSettings(entry))
                .tokenSettings(TokenSettings.builder()
                        .accessTokenTimeToLive(Duration.ofSeconds(entry.seconds()))
                        .accessTokenFormat(
                                entry.opaque() ? OAuth2TokenFormat.REFERENCE : OAuth2TokenFormat.SELF_CONTAINED)
                        .x509CertificateBoundAccessTokens(entry.hasCertificate())
                        .build())
                .build();
    }

    private static ClientSettings clientSettings(Entry entry) {
        var settings = ClientSettings.builder()
                .requireProofKey(true)
                .setting("audience", entry.audience())
                .setting("algorithm", entry.algorithm());
        if (entry.hasCertificate()) {
            settings.x509CertificateSubjectDN(entry.subject());
        }
        return settings.build();
    }
}
